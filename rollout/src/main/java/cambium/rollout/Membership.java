package cambium.rollout;

import java.time.Instant;
import java.util.Optional;

/// A cell's place in the fleet.
///
/// @param home the ring that the fleet declares for it
/// @param since when it joined that ring, or came back on duty
/// @param movedFrom the ring it was moved from, until something is put on it here; a move starts nothing by itself
/// @param by who set its duty last, at `dutySince`, and `why`
public record Membership(RingNumber home, Instant since, Optional<RingNumber> movedFrom, Duty duty,
        Instant dutySince, String by, String why) {

    static Membership joined(RingNumber home, Instant at) {
        return new Membership(home, at, Optional.empty(), new Duty.OnDuty(), at, FleetEvent.AUTOMATION,
                "declared");
    }

    /// Where it stands: in quarantine, or where it is declared.
    RingNumber ring() {
        return duty instanceof Duty.Quarantined ? RingNumber.QUARANTINE : home;
    }

    /// Out of ring −1 a cell returns like one that was quarantined by command: it catches up.
    Membership declaredIn(RingNumber next, Instant at) {
        if (next.equals(home)) {
            return this;
        }
        boolean ofRings = home.value() >= 0 && next.value() >= 0;
        return new Membership(next, at, ofRings ? Optional.of(home) : Optional.empty(), duty, dutySince,
                by, why);
    }

    Membership on(Duty next, String nextBy, String nextWhy, Instant at) {
        return new Membership(home, next instanceof Duty.OnDuty ? at : since, movedFrom, next, at, nextBy, nextWhy);
    }

    Membership settled() {
        return movedFrom.isEmpty() ? this : new Membership(home, since, Optional.empty(), duty,
                dutySince, by, why);
    }

    /// Since when it counts in its ring; a deferral that is over made it a late one.
    Instant countsSince() {
        return duty instanceof Duty.Deferred(var until) && until.isAfter(since) ? until : since;
    }

    /// Whether a word keeps its ring from waiting for it.
    boolean offDuty(Instant now) {
        return switch (duty) {
            case Duty.OnDuty() -> false;
            case Duty.Deferred(var until) -> now.isBefore(until);
            case Duty.Leaving(), Duty.Quarantined() -> true;
        };
    }
}
