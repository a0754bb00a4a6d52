package cambium.demo;

import cambium.demo.FleetView.CellView;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A table that is drawn over itself, 79 columns wide, with the lines that stay above it; those may be longer and wrap,
/// since they are never drawn over. Each picture goes out in one
/// piece and clears only what it no longer covers, so nothing flickers.
final class TerminalScreen implements Screen {
    static final int COLUMNS = 79;

    private final PrintStream out;
    private final ExampleFleet fleet;
    private final Function<DemoCell, Traffic.Count> traffic;
    private final boolean colours;
    private final Changes changes = new Changes();
    private List<String> drawn = List.of();

    TerminalScreen(PrintStream out, ExampleFleet fleet, Function<DemoCell, Traffic.Count> traffic, boolean colours) {
        this.out = out;
        this.fleet = fleet;
        this.traffic = traffic;
        this.colours = colours;
    }

    /// Whether the largest picture fits, with a row to spare.
    static boolean fits(ExampleFleet fleet, TerminalSize size) {
        return size.rows() > fleet.cells().size() + 6 && size.columns() > COLUMNS;
    }

    @Override
    public void say(String line) {
        draw(List.of(line), drawn);
    }

    @Override
    public void show(String headline, Moment moment) {
        draw(changes.since(moment.fleet()).stream().map(change -> "  " + change).toList(), picture(headline, moment));
    }

    @Override
    public void end() {
        out.flush();
    }

    private void draw(List<String> stays, List<String> picture) {
        var text = new StringBuilder();
        if (!drawn.isEmpty()) {
            text.append("\u001b[").append(drawn.size()).append("A\r");
        }
        stays.forEach(line -> text.append(line).append("\u001b[K\n"));
        picture.forEach(line -> text.append(line).append("\u001b[K\n"));
        out.print(text.append("\u001b[J"));
        out.flush();
        drawn = picture;
    }

    private List<String> picture(String headline, Moment moment) {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add(paint("1", clipped(headline)));
        lines.add(paint("2", "RING  CELL     ANSWERS  STATE         HEALTH    GOOD PAGES  ERRORS"));
        int ring = fleet.cells().getFirst().ring();
        for (DemoCell cell : fleet.cells()) {
            if (ring <= fleet.perimeter() && cell.ring() > fleet.perimeter()) {
                lines.add(paint("2", "----- perimeter: only graduated versions pass " + "-".repeat(28)));
            }
            lines.add(line(cell, cell.ring() != ring || cell == fleet.cells().getFirst(), moment));
            ring = cell.ring();
        }
        lines.add(clipped(waiting(moment)));
        return lines;
    }

    private String line(DemoCell cell, boolean first, Moment moment) {
        Optional<CellView> view = moment.fleet().cell(cell.name());
        String state = view.map(CellView::state).orElse("");
        String verdict = view.map(CellView::verdict).orElse("");
        Traffic.Count count = traffic.apply(cell);
        return "%-4s  %-7s  %-7s  ".formatted(first ? cell.ring() : "", cell.name(),
                moment.answers().getOrDefault(cell.name(), "-"))
                + paint(colour(state), "%-12s".formatted(state)) + "  "
                + paint(colour(verdict), "%-8s".formatted(verdict))
                + "  %10d  ".formatted(count.answered().sum())
                + paint(count.errors().sum() > 0 ? "31" : "", "%6d".formatted(count.errors().sum()));
    }

    private static String waiting(Moment moment) {
        return moment.fleet().rings().stream().filter(ring -> !ring.waiting().isEmpty()).findFirst()
                .map(ring -> "ring " + ring.ring() + ": " + ring.waiting()).orElse("");
    }

    private static String colour(String word) {
        return switch (word) {
            case "healthy" -> "32";
            case "deploying", "verifying", "baking", "pdm" -> "36";
            case "failed", "rolling-back", "harmful", "unreachable", "unknown" -> "31";
            default -> "";
        };
    }

    private String paint(String code, String text) {
        return colours && !code.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private static String clipped(String line) {
        return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - 1) + "…";
    }
}
