package cambium.server.pages;

import cambium.rollout.FleetStatus;
import java.util.List;

/// Gives each product version one of eight looks (colour and pattern), by its place in the order of registration,
/// so that a version keeps its look for as long as it is known and neighbours never share one.
final class Palette {
    static final int LOOKS = 8;

    private final List<String> versions;

    Palette(List<String> versionsOldestFirst) {
        this.versions = List.copyOf(versionsOldestFirst);
    }

    static Palette of(FleetNow fleet) {
        return new Palette(fleet.versions().stream().map(FleetStatus.VersionStatus::version).toList());
    }

    /// The class name of the look: `look-0` … `look-7`, or `look-none` for no or an unknown version.
    String look(String version) {
        int place = versions.indexOf(version);
        return place < 0 ? "look-none" : "look-" + place % LOOKS;
    }
}
