package cambium.server.pages;

import cambium.rollout.BrakeDrill;
import cambium.rollout.FleetStatus.BrakeStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The page `/brakes`, the board: every brake that is on, the widest first, and where to pull one.
///
/// @param more how many are on beside those shown
/// @param paused whether the fleet has paused itself, which no brake does and none releases
/// @param file why a file in the data folder brakes the fleet, if it does
public record BrakesPage(Shell shell, Parts.Moment at, String headline, Optional<Parts.Act> pull, List<Group> groups,
        int more, Optional<Drill> drill, Optional<String> file, boolean paused) {
    static final int MOST_SHOWN = 500;

    /// The brakes on one kind of scope.
    public record Group(String id, String title, List<BrakeRow> brakes) {}

    /// The last drill of the brake.
    ///
    /// @param failure what went wrong
    /// @param passed when one passed last, where this one did not
    public record Drill(Parts.Moment at, String took, Optional<String> failure, Optional<Parts.Moment> passed) {
        static Drill of(BrakeDrill drill, Instant now) {
            return new Drill(Parts.Moment.of(drill.at(), now), drill.took().toMillis() + " ms", drill.failure(),
                    drill.failure().flatMap(_ -> drill.passedAt()).map(at -> Parts.Moment.of(at, now)));
        }
    }

    static BrakesPage of(FleetNow fleet, Shell shell) {
        List<BrakeStatus> shown = fleet.brakes().stream().limit(MOST_SHOWN).toList();
        var groups = new ArrayList<Group>();
        for (var kind : List.of("fleet", "ring", "cell", "version")) {
            var rows = BrakeRow.ofTheBoard(shown.stream().filter(brake -> brake.scope().equals(kind)
                    || brake.scope().startsWith(kind + " ")).toList(), fleet, shell.offers());
            if (!rows.isEmpty()) {
                groups.add(new Group(kind, title(kind), rows));
            }
        }
        boolean whole = !fleet.brakesOn("fleet").isEmpty();
        return new BrakesPage(shell, Parts.Moment.of(fleet.at(), fleet.at()), headline(fleet, whole),
                pull(shell.offers(), whole), groups,
                fleet.brakes().size() - shown.size(), fleet.drill().map(drill -> Drill.of(drill, fleet.at())),
                fleet.brakeFile().map(Words::visible), fleet.paused().isPresent());
    }

    private static Optional<Parts.Act> pull(Offers offers, boolean whole) {
        return whole ? offers.button(Act.BRAKE, "Pull another brake", "scope", "ring 0")
                : offers.button(Act.BRAKE, "Pull a brake", "scope", "fleet").map(Parts.Act::asDanger);
    }

    public Parts.Badge drillBadge() {
        return new Parts.Badge("passed", Words.glyph("healthy"), Words.tone("healthy"));
    }

    private static String title(String kind) {
        return switch (kind) {
            case "fleet" -> "The whole fleet";
            case "ring" -> "Rings";
            case "cell" -> "Cells";
            default -> "Versions";
        };
    }

    private static String headline(FleetNow fleet, boolean whole) {
        int count = fleet.brakes().size();
        if (count == 0) {
            return "No brake is on.";
        }
        String on = count == 1 ? "1 brake is on" : count + " brakes are on";
        return on + (whole ? ": nothing new starts anywhere." : ".");
    }
}
