package cambium.server.pages;

import cambium.rollout.FleetStatus;
import cambium.server.pages.RingDrawing.Band;
import cambium.server.pages.RingDrawing.Dot;
import cambium.server.pages.RingDrawing.Label;
import cambium.server.pages.RingDrawing.Perimeter;
import cambium.server.pages.RingDrawing.Plate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Places rings and cells. Few rings are broad and their cells carry names; many rings become thin, their cells dots;
/// where even dots do not fit, neighbours that look alike share one.
final class RingLayout {
    private static final double PITH = 24;
    private static final double MARGIN = 14;
    private static final double BROADEST = 88;
    private static final double THINNEST = 9;
    private static final double ROOM_FOR_ALL_RINGS = 450;
    private static final double NAMED_WIDTH = 70;
    private static final double ROOM_FOR_A_WORD = 26;
    private static final int MOST_DOTS = 1200;
    private static final int LEAST_DOTS_PER_RING = 24;
    private static final int LONGEST_NAME = 12;

    private final FleetNow fleet;
    private final Palette palette;
    private final double width;
    private final double size;
    private final double font;

    private RingLayout(FleetNow fleet, Palette palette) {
        this.fleet = fleet;
        this.palette = palette;
        int rings = Math.max(1, fleet.rings().size());
        this.width = Math.clamp(ROOM_FOR_ALL_RINGS / rings, THINNEST, BROADEST);
        this.size = round(2 * (PITH + rings * width + MARGIN));
        this.font = round(12.5 * Math.max(0.9, size / 720));
    }

    static RingDrawing draw(FleetNow fleet, Palette palette) {
        return new RingLayout(fleet, palette).drawing();
    }

    private RingDrawing drawing() {
        var bands = new ArrayList<Band>();
        var dots = new ArrayList<Dot>();
        double lastPlate = -1000;
        for (int place = 0; place < fleet.rings().size(); place++) {
            FleetStatus.RingStatus ring = fleet.rings().get(place);
            double inner = PITH + place * width;
            boolean plated = inner + width - lastPlate >= font * 1.9;
            Optional<Plate> plate = plated ? Optional.of(plate(ring, inner + width)) : Optional.empty();
            lastPlate = plated ? inner + width : lastPlate;
            bands.add(band(ring, inner, plate));
            dots.addAll(dots(ring, inner, plate));
        }
        return new RingDrawing(size, middle(), PITH, font, description(), bands, perimeter(), dots);
    }

    private double middle() {
        return round(size / 2);
    }

    private Band band(FleetStatus.RingStatus ring, double inner, Optional<Plate> plate) {
        List<FleetStatus.CellStatus> cells = fleet.cellsOf(ring.ring());
        long grown = cells.stream().filter(cell -> hasGrown(cell, ring)).count();
        return new Band(
                ring.ring(),
                round(inner + width / 2),
                round(width),
                round(inner + width),
                cells.isEmpty() ? 0 : round(100.0 * grown / cells.size()),
                ring.target().map(palette::look).orElse("look-none"),
                Words.tone(ring.state()),
                braked(ring),
                plate);
    }

    static boolean hasGrown(FleetStatus.CellStatus cell, FleetStatus.RingStatus ring) {
        return ring.target().isPresent()
                && ring.target().equals(cell.version())
                && switch (cell.state()) {
                    case "healthy", "baking", "pdm" -> true;
                    default -> false;
                };
    }

    private boolean braked(FleetStatus.RingStatus ring) {
        return !fleet.brakesOn("ring " + ring.ring()).isEmpty() || !fleet.brakesOn("fleet").isEmpty();
    }

    private Plate plate(FleetStatus.RingStatus ring, double outer) {
        String text = "ring " + ring.ring() + (braked(ring) && width >= ROOM_FOR_A_WORD ? " · braked" : "");
        double plateWidth = text.length() * font * 0.54 + font;
        double height = font * 1.5;
        double y = middle() - outer;
        return new Plate(
                text,
                round(middle() - plateWidth / 2),
                round(y - height / 2),
                round(plateWidth),
                round(height),
                round(y + font * 0.35));
    }

    private Optional<Perimeter> perimeter() {
        int inside = inside();
        if (inside == 0 || inside == fleet.rings().size()) {
            return Optional.empty();
        }
        double radius = round(PITH + inside * width);
        String text = "perimeter · graduated only";
        double half = text.length() * font * 0.29 / radius;
        boolean written = width >= ROOM_FOR_A_WORD && half < 1.3;
        return Optional.of(new Perimeter(
                radius,
                written ? text : "",
                arc(radius + font * 0.34, Math.PI, 0),
                arc(radius, Math.PI / 2 + half, Math.PI / 2 - half)));
    }

    /// A part of a circle around the middle, drawn against the clock, through the bottom: text on it stands upright.
    private String arc(double radius, double from, double to) {
        return String.format(
                Locale.ROOT,
                "M %.1f %.1f A %.1f %.1f 0 0 0 %.1f %.1f",
                middle() + radius * Math.cos(from), middle() + radius * Math.sin(from),
                radius, radius,
                middle() + radius * Math.cos(to), middle() + radius * Math.sin(to));
    }

    private int inside() {
        return (int) fleet.rings().stream().filter(FleetStatus.RingStatus::insidePerimeter).count();
    }

    private List<Dot> dots(FleetStatus.RingStatus ring, double inner, Optional<Plate> plate) {
        List<FleetStatus.CellStatus> cells = fleet.cellsOf(ring.ring());
        if (cells.isEmpty()) {
            return List.of();
        }
        var annulus = new Seats.Annulus(inner, width, plate.map(found -> found.width() / 2).orElse(0.0));
        double apart = cells.size() == 1 ? 2 * annulus.middle()
                : 2 * annulus.middle() * Math.sin(Math.PI / cells.size());
        boolean named = width >= NAMED_WIDTH && apart >= font * 5.2;
        int most = Math.max(LEAST_DOTS_PER_RING, MOST_DOTS / fleet.rings().size());
        Seats seats = named ? Seats.named(annulus, cells.size())
                : Seats.bare(annulus, Math.min(most, cells.size()));
        List<List<FleetStatus.CellStatus>> groups = DotGroups.of(cells, seats.list().size());
        var dots = new ArrayList<Dot>();
        for (int place = 0; place < groups.size(); place++) {
            Seats.Seat seat = seats.list().get(place * seats.list().size() / groups.size());
            dots.add(dot(groups.get(place), seat, Math.min(seats.dot(), width * (named ? 0.21 : 0.36)), named));
        }
        return dots;
    }

    private Dot dot(List<FleetStatus.CellStatus> cells, Seats.Seat seat, double dot, boolean labelled) {
        FleetStatus.CellStatus cell = cells.getFirst();
        boolean one = cells.size() == 1;
        double x = middle() + seat.radius() * Math.sin(seat.angle());
        double y = middle() - seat.radius() * Math.cos(seat.angle()) - (labelled ? font * 0.95 : 0);
        String look = cell.version().map(palette::look).orElse("look-none");
        return new Dot(
                "dot-" + cell.cell(),
                one ? "/cells/" + cell.cell() : "#ring-" + cell.ring(),
                round(x),
                round(y),
                round(dot),
                Outline.of(cell.kind(), x, y, dot),
                look,
                look.replace("look", "grain"),
                cell.state(),
                Words.tone(cell.state()),
                Words.glyph(cell.state()),
                label(cells, x, y, dot, labelled),
                one ? CellWords.spoken(cell, fleet) : CellWords.spokenGroup(cells),
                cells.size());
    }

    private Label label(List<FleetStatus.CellStatus> cells, double x, double y, double dot, boolean labelled) {
        FleetStatus.CellStatus cell = cells.getFirst();
        String name = cells.size() == 1 ? cell.cell() : Words.count(cells.size(), "cell");
        double half = name.length() * font * 0.28;
        double inside = Math.clamp(x, Math.min(half + 2, middle()), Math.max(size - half - 2, middle()));
        double first = y + dot + font * 1.05;
        return new Label(
                labelled ? shortened(name) : name,
                cell.version().orElse("none"),
                labelled,
                round(labelled ? x : inside),
                round(first),
                round(first + font));
    }

    static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }

    private String description() {
        return Words.count(fleet.cells().size(), "cell") + " in " + Words.count(fleet.rings().size(), "ring")
                + "; ring 0 is innermost, the perimeter follows ring " + (inside() - 1) + ".";
    }

    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
