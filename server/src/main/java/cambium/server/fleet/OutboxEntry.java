package cambium.server.fleet;

import cambium.rollout.AttemptId;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;

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

    /// Names the act; an entry with a known key is the same act and is kept once.
    String key();
}
