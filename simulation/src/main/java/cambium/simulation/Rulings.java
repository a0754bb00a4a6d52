package cambium.simulation;

import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Step;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What people said of versions and rings, and the promise made of it.
final class Rulings {
    private final Map<History.InRing, Set<String>> approved = new HashMap<>();
    private final Map<History.InRing, FleetEvent.ApprovalWithdrawn> against = new HashMap<>();

    void add(FleetEvent.RingApproved event) {
        approved.computeIfAbsent(new History.InRing(event.ring(), event.version()), _ -> new HashSet<>())
                .add(event.by());
    }

    void add(FleetEvent.ApprovalWithdrawn event) {
        var here = new History.InRing(event.ring(), event.version());
        approved.remove(here);
        against.put(here, event);
    }

    void forget(ProductVersion version) {
        approved.keySet().removeIf(here -> here.version().equals(version));
        against.keySet().removeIf(here -> here.version().equals(version));
    }

    void keepOnly(FleetSpec spec) {
        approved.keySet().removeIf(here -> spec.ring(here.ring()).isEmpty());
        against.keySet().removeIf(here -> spec.ring(here.ring()).isEmpty());
    }

    boolean spokenFor(History.InRing here) {
        return !approved.getOrDefault(here, Set.of()).isEmpty();
    }

    static Optional<String> obeyed(FleetEvent event, History before) {
        if (event instanceof FleetEvent.RingOpened(var _, var _, var version, var ring)) {
            return before.rulings.missing(before, new History.InRing(ring, version));
        }
        return Checks.start(event, before, Step.DEPLOY).flatMap(asked ->
                before.ringOf(asked.request.attempt().cell()).flatMap(ring -> {
            var here = new History.InRing(ring.ring(), asked.request.version());
            return before.rulings.against.containsKey(here) ? before.rulings.missing(before, here) : Optional.empty();
        }));
    }

    private Optional<String> missing(History before, History.InRing here) {
        int needed = approvers(before, here.ring());
        int have = approved.getOrDefault(here, Set.of()).size();
        boolean refused = against.containsKey(here) && against.get(here).refusal();
        return needed == 0 || have >= needed && !refused ? Optional.empty() : Optional.of(here.version() + " has "
                + have + " of " + needed + " approvals for ring " + here.ring() + (refused ? " and was refused" : ""));
    }

    private static int approvers(History before, RingNumber ring) {
        return before.spec.flatMap(spec -> spec.ring(ring)).map(known -> known.policy().gates().approvers()).orElse(0);
    }
}
