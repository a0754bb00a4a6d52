package cambium.server.pages;

import cambium.rollout.FleetStatus;
import cambium.rollout.FleetStatus.CellStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The page `/cells`: every cell with what it is to run and what it runs, by ring and name, a piece at a time. The
/// overview shows of a large ring only some.
///
/// @param found how many fit, of all pieces
/// @param next the address of the next piece; none at the end
public record CellsPage(Shell shell, Sought sought, List<Choice> rings, List<Choice> choices, List<Row> rows, int found,
        int cells, Optional<String> next) {
    static final int MOST_ROWS = 200;

    /// Which cells are wanted.
    ///
    /// @param ring only those of it; empty for all
    /// @param name only those with this in their names; empty for all
    /// @param from how many of the fitting ones come before
    public record Sought(Optional<Integer> ring, String name, Which which, int from) {
        public boolean any() {
            return ring.isPresent() || !name.isEmpty() || which != Which.ALL;
        }

        private boolean fits(CellStatus cell) {
            return ring.filter(number -> number != cell.ring()).isEmpty()
                    && cell.cell().contains(name.toLowerCase(Locale.ROOT)) && which.fits(cell);
        }

        private String address(int first) {
            return "/cells?from=" + first + ring.map(number -> "&ring=" + number).orElse("")
                    + (which == Which.ALL ? "" : "&which=" + which.word())
                    + (name.isEmpty() ? "" : "&name=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
        }
    }

    /// A choice of what is wrong with a cell.
    public enum Which {
        ALL("all", "In any state"),
        /// Failed, unreachable, going back, or held.
        TROUBLED("troubled", "That need a look"),
        /// Not seen running what its ring takes.
        DRIFTED("drifted", "Not on the expected version"),
        BEHIND("behind", "Behind a graduated version");

        private final String word;
        private final String label;

        Which(String word, String label) {
            this.word = word;
            this.label = label;
        }

        String word() {
            return word;
        }

        static Optional<Which> of(String word) {
            return List.of(values()).stream().filter(which -> which.word.equals(word)).findFirst();
        }

        private boolean fits(CellStatus cell) {
            return switch (this) {
                case ALL -> true;
                case TROUBLED -> List.of("bad", "held").contains(Words.tone(cell.state()));
                case DRIFTED -> isDrifted(cell);
                case BEHIND -> cell.drift().behind().versions() > 0;
            };
        }
    }

    /// One choice of a list, and whether it is the chosen one.
    public record Choice(String value, String label, boolean chosen) {}

    /// @param expected what its ring takes, where it takes anything
    /// @param aside how it stands aside from its ring, and why
    public record Row(String cell, String kind, String ring, Parts.Badge state, Optional<Parts.VersionChip> runs,
            Optional<Parts.VersionChip> expected, boolean drifted, Optional<String> behind, Optional<String> aside,
            Optional<Parts.Wait> waiting) {
        private static Row of(CellStatus cell, FleetNow fleet, Palette palette) {
            var drift = cell.drift();
            boolean isOnDuty = drift.duty().equals(FleetStatus.DriftStatus.NONE.duty());
            return new Row(cell.cell(), cell.kind(),
                    cell.ring() < 0 ? "quarantine" : Integer.toString(cell.ring()), Parts.Badge.of(cell.state()),
                    cell.version().map(version -> Parts.VersionChip.of(version, palette)),
                    drift.expected().map(version -> Parts.VersionChip.of(version, palette)), isDrifted(cell),
                    CellWords.behind(drift.behind(), fleet),
                    isOnDuty ? Optional.empty()
                            : Optional.of(drift.duty() + drift.dutyWhy().map(why -> ": " + why).orElse("")),
                    Parts.Wait.of(cell.waiting(), fleet.at()));
        }
    }

    static CellsPage of(FleetNow fleet, Sought sought, Shell shell) {
        var fitting = fleet.cells().stream().filter(sought::fits)
                .sorted(Comparator.comparingInt(CellStatus::ring).thenComparing(CellStatus::cell)).toList();
        int first = Math.min(sought.from(), fitting.size());
        int end = Math.min(first + MOST_ROWS, fitting.size());
        var palette = Palette.of(fleet);
        return new CellsPage(shell, sought, rings(fleet, sought),
                List.of(Which.values()).stream()
                    .map(which -> new Choice(which.word, which.label, which == sought.which())).toList(),
                fitting.subList(first, end).stream().map(cell -> Row.of(cell, fleet, palette)).toList(),
                fitting.size(), fleet.cells().size(),
                end < fitting.size() ? Optional.of(sought.address(end)) : Optional.empty());
    }

    /// `201 to 400 of 1,000 cells`.
    public String range() {
        String of = Words.numbered(found, "cell") + (sought.any() ? " of " + Words.number(cells) : "");
        int first = Math.min(sought.from(), found);
        return rows.size() == found ? of
                : Words.number(first + 1) + " to " + Words.number(first + rows.size()) + " of " + of;
    }

    private static List<Choice> rings(FleetNow fleet, Sought sought) {
        return fleet.cells().stream().map(CellStatus::ring).distinct().sorted()
                .map(ring -> new Choice(Integer.toString(ring), Words.ring(ring),
                        sought.ring().filter(ring::equals).isPresent()))
                .toList();
    }

    private static boolean isDrifted(CellStatus cell) {
        return cell.drift().expected().isPresent() && !cell.drift().expected().equals(cell.version());
    }
}
