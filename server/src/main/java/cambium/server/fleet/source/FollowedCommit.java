package cambium.server.fleet.source;

import cambium.rollout.FleetSpec;
import cambium.server.fleet.yaml.FleetYaml;
import java.util.Optional;

/// A commit of the followed branch, as the log of events names it and as a fleet.
final class FollowedCommit {
    private FollowedCommit() {}

    static String name(String branch, String commit) {
        return "git:" + branch + "@" + commit;
    }

    static Optional<FleetSpec> spec(byte[] content) {
        return FleetYaml.read(content) instanceof FleetYaml.Reading.Read(var spec) ? Optional.of(spec)
                : Optional.empty();
    }
}
