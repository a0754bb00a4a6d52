package cambium.server.pages;

import cambium.rollout.FleetStatus;
import java.util.Optional;

/// The fleet in one sentence, the first thing the page says.
final class Headline {
    private Headline() {}

    static String of(FleetNow fleet) {
        if (fleet.logFlaw().isPresent()) {
            return "The fleet stands still: " + fleet.logFlaw().get().told() + ".";
        }
        if (!fleet.brakesOn("fleet").isEmpty()) {
            return "The whole fleet is braked: nothing new starts.";
        }
        return PausedCard.headline(fleet).orElse("") + stopped(fleet) + moving(fleet);
    }

    private static String stopped(FleetNow fleet) {
        return fleet.versions().reversed().stream()
                .findFirst()
                .filter(version -> version.state().equals("blocked"))
                .map(version -> version.version() + " was stopped and is blocked. ")
                .orElse("");
    }

    private static String moving(FleetNow fleet) {
        long failed = fleet.cells().stream()
                .filter(cell -> cell.state().equals("failed") || cell.state().equals("rolling-back"))
                .count();
        Optional<FleetStatus.VersionStatus> rolling = fleet.versions().reversed().stream()
                .filter(version -> version.state().equals("rolling") || version.state().equals("graduated"))
                .findFirst();
        if (rolling.isPresent()) {
            return carried(rolling.get(), fleet) + (failed == 0 ? "" : " " + trouble(failed));
        }
        if (failed > 0) {
            return trouble(failed);
        }
        return fleet.versions().isEmpty()
                ? "No version yet: the rings are empty until the first one is deployed."
                : "Nothing is on its way: every ring holds what it was given.";
    }

    private static String carried(FleetStatus.VersionStatus version, FleetNow fleet) {
        Optional<String> name = Optional.of(version.version());
        long on = fleet.cellsOn(version.version());
        int reached = fleet.rings().stream()
                .filter(ring -> ring.target().equals(name))
                .mapToInt(FleetStatus.RingStatus::ring)
                .max()
                .orElse(-1);
        if (reached < 0 && on == 0) {
            return version.version() + " has not entered a ring yet.";
        }
        String where = reached < 0 ? "has left its rings" : "has reached ring " + reached;
        return version.version() + " " + where + " and runs on " + on + " of "
                + Words.count(fleet.cells().size(), "cell") + ".";
    }

    private static String trouble(long cells) {
        return cells == 1 ? "1 cell failed or is going back." : cells + " cells failed or are going back.";
    }
}
