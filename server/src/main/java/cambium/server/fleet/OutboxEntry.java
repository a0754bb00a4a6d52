package cambium.server.fleet;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import java.util.List;

/// An act that a commit promised. It stays in the outbox until its effect is known, and doing it twice is harmless.
public sealed interface OutboxEntry {
    /// The ring's channel shall offer the version's packages.
    record Admit(ProductVersion version, RingNumber ring) implements OutboxEntry {
        @Override
        public String key() {
            return "admit " + ring + " " + version;
        }
    }

    /// The attempt shall be started, unless something forbids it by then.
    record Start(AttemptId attempt) implements OutboxEntry {
        @Override
        public String key() {
            return "start " + attempt;
        }
    }

    /// The driver shall end the attempt if it can; the fleet waits for it no more.
    record Cancel(AttemptId attempt, String why) implements OutboxEntry {
        @Override
        public String key() {
            return "cancel " + attempt;
        }
    }

    /// What a person's events promise: an attempt whose end a person declares is also ended where it runs.
    static List<OutboxEntry> promisedBy(List<FleetEvent> events) {
        return events.stream().<OutboxEntry>mapMulti((event, out) -> {
            if (event instanceof FleetEvent.AttemptFinished(var _, var attempt, AttemptResult.Lost(var why))) {
                out.accept(new Cancel(attempt, why));
            }
        }).toList();
    }

    /// Names the act; an entry with a known key is the same act and is kept once.
    String key();
}
