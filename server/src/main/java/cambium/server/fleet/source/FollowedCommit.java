package cambium.server.fleet.source;

import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetSpec;
import cambium.rollout.RingByRing;
import cambium.server.fleet.yaml.FleetYaml;
import java.util.Optional;

/// A commit of the followed branch, as the log of events names it and as a fleet.
final class FollowedCommit {
    private FollowedCommit() {}

    static String name(String branch, String commit) {
        return "git:" + branch + "@" + commit;
    }

    /// What a fleet takes of a commit now: all of it, or its next ring where changes go ring by ring.
    ///
    /// @param reason why it may touch so much
    static FleetCommand.Apply step(Fleet fleet, FleetSpec commit, Optional<String> reason) {
        return new FleetCommand.Apply(commit, reason,
                fleet.spec().flatMap(before -> RingByRing.first(before, commit)));
    }

    static Optional<FleetSpec> spec(byte[] content) {
        return FleetYaml.read(content) instanceof FleetYaml.Reading.Read(var spec) ? Optional.of(spec)
                : Optional.empty();
    }
}
