package cambium.rollout;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What people said of one rollout's way into rings. It ends with the rollout: a version that starts anew, or that was
/// blocked in between, has to be approved anew.
public record Approvals(SortedMap<RingNumber, OfRing> byRing) {
    public static final Approvals DEFAULT = new Approvals(new TreeMap<>());

    /// @param given by whom, each counting once
    /// @param objection the last word against it; it took back what had been given until then
    public record OfRing(SortedMap<String, Given> given, Optional<Objection> objection) {
        static final OfRing NONE = new OfRing(new TreeMap<>(), Optional.empty());

        public OfRing {
            given = Collections.unmodifiableSortedMap(given);
        }

        /// Whether the ring may open: enough people said so, and nobody refused.
        boolean granted(int approvers) {
            return given.size() >= approvers && objection.filter(Objection::refusal).isEmpty();
        }
    }

    public record Given(Instant at, Optional<String> why) {}

    /// @param refusal whether it stands until it is withdrawn itself; otherwise new approvals count again
    public record Objection(String by, String why, Instant at, boolean refusal) {}

    public Approvals {
        byRing = Collections.unmodifiableSortedMap(byRing);
    }

    OfRing in(RingNumber ring) {
        return byRing.getOrDefault(ring, OfRing.NONE);
    }

    Approvals with(FleetEvent.RingApproved approved) {
        var before = in(approved.ring());
        var given = new TreeMap<>(before.given());
        given.putIfAbsent(approved.by(), new Given(approved.at(), approved.why()));
        return with(approved.ring(), new OfRing(given, before.objection()));
    }

    Approvals without(FleetEvent.ApprovalWithdrawn withdrawn) {
        return with(withdrawn.ring(), new OfRing(new TreeMap<>(), Optional.of(new Objection(withdrawn.by(),
                withdrawn.why(), withdrawn.at(), withdrawn.refusal()))));
    }

    private Approvals with(RingNumber ring, OfRing said) {
        var next = new TreeMap<>(byRing);
        next.put(ring, said);
        return new Approvals(next);
    }

    /// What was said of a ring that is no more is not said of a later one of that number.
    Approvals only(SortedMap<RingNumber, Ring> rings) {
        var next = new TreeMap<>(byRing);
        return next.keySet().retainAll(rings.keySet()) ? new Approvals(next) : this;
    }
}
