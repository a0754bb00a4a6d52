package cambium.server.fleet;

import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Ground;
import cambium.rollout.PackageRef;
import cambium.rollout.Ring;
import cambium.rollout.Rollout;
import cambium.rollout.VersionRecord;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;

/// Blocks what is on its way, or is what a ring takes, and of which the repository withdrew a package: in every ring at
/// once, whether a start is due or not. Each start is checked once more, at its very instant.
final class Withdrawn {
    private static final int MAX_VERSIONS = 100;

    private Withdrawn() {}

    static String why(List<PackageRef> withdrawn) {
        var first = withdrawn.getFirst();
        return "package " + first.name() + " " + first.version() + " was withdrawn from the repository";
    }

    static List<FleetEvent> in(Fleet fleet, ProductCatalog catalog, Instant now) {
        var wanted = new HashSet<>();
        fleet.rings().values().forEach(ring -> ring.targets().stream().map(Ring.Target::version).forEach(wanted::add));
        fleet.rollouts().values().stream().filter(rollout -> rollout.state() == Rollout.State.ACTIVE)
                .forEach(rollout -> wanted.add(rollout.version()));
        return fleet.versions().reversed().values().stream().filter(version -> version.blocked().isEmpty()
                && wanted.contains(version.version())).limit(MAX_VERSIONS)
                .flatMap(version -> of(version, fleet, catalog, now).stream()).toList();
    }

    private static List<FleetEvent> of(VersionRecord version, Fleet fleet, ProductCatalog catalog, Instant now) {
        var withdrawn = catalog.withdrawn(fleet.spec().orElseThrow().product(), version.packages());
        return withdrawn.isEmpty() ? List.of() : List.of(new FleetEvent.VersionBlocked(now, FleetEvent.AUTOMATION,
                version.version(), why(withdrawn), false, Ground.WITHDRAWN));
    }
}
