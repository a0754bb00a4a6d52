package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Something that somebody has to know of for as long as it holds. Kinds have the names, severities and patience of the
/// rules for Prometheus, so that both ways call the same people.
///
/// @param detail tells apart what one subject has several of: the code of a wait, the step that failed; empty otherwise
/// @param passesOn the alert of the cause, where this one only passes it on: who is told of that is not told of this
/// @param since since when it holds, where the fleet knows; else whoever looks remembers when it was first seen
public record Alert(Kind kind, Scope subject, String detail, String text, Optional<Instant> since,
        Optional<Key> passesOn) {

    public Alert(Kind kind, Scope subject, String detail, String text, Optional<Instant> since) {
        this(kind, subject, detail, text, since, Optional.empty());
    }

    /// How soon somebody has to come.
    public enum Severity { PAGE, TICKET }

    /// The role that answers for it (C-38).
    public enum Owner {
        RELEASE_MANAGER, ENGINEER_ON_CALL, OPS;

        /// As labels of alerts and accounts write it.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// What can be wrong.
    public enum Kind {
        LOG_CHANGED("CambiumLogChanged", Severity.PAGE, Owner.OPS, Duration.ZERO,
                "cambium status names the event; put its row back as docs/OPERATIONS.md says."),
        SOMEBODY_IS_CALLED("CambiumSomebodyIsCalled", Severity.PAGE, Owner.ENGINEER_ON_CALL, Duration.ZERO,
                "cambium status leads with what needs somebody."),
        STEP_FAILED("CambiumStepFailed", Severity.TICKET, Owner.RELEASE_MANAGER, Duration.ZERO,
                "cambium why CELL, then cambium log ATTEMPT."),
        VERSION_BLOCKED("CambiumVersionBlocked", Severity.PAGE, Owner.RELEASE_MANAGER, Duration.ZERO,
                "cambium why VERSION; push a fix as a new version, or release it by name."),
        NOT_CONVERGING("CambiumNotConverging", Severity.PAGE, Owner.ENGINEER_ON_CALL, Duration.ofMinutes(15),
                "cambium status, then cambium why for what stands still."),
        RING_BEHIND("CambiumRingBehind", Severity.PAGE, Owner.ENGINEER_ON_CALL, Duration.ofMinutes(1),
                "cambium status; cambium why ring-N."),
        CELL_DRIFTED("CambiumCellDrifted", Severity.PAGE, Owner.OPS, Duration.ofMinutes(1),
                "Find out who changed it; cambium converge CELL puts it right."),
        BRAKE_ON_LONG("CambiumBrakeOnLong", Severity.TICKET, Owner.ENGINEER_ON_CALL, Duration.ofHours(8),
                "Release it with cambium brake off, or leave it."),
        GATE_WITHOUT_DATA("CambiumGateWithoutData", Severity.PAGE, Owner.OPS, Duration.ofMinutes(15),
                "cambium why CELL says what is missing: traffic, the metrics address, or the Prometheus server."),
        /// Of a process, which tells it by itself; no fleet knows it.
        CLOCK_WRONG("CambiumClockWrong", Severity.PAGE, Owner.OPS, Duration.ofMinutes(1),
                "Set the clocks of that machine and of the database's by NTP (chronyc tracking); restart nothing.");

        private final String alertName;
        private final Severity severity;
        private final Owner owner;
        private final Duration after;
        private final String remedy;

        Kind(String alertName, Severity severity, Owner owner, Duration after, String remedy) {
            this.alertName = alertName;
            this.severity = severity;
            this.owner = owner;
            this.after = after;
            this.remedy = remedy;
        }

        public String alertName() {
            return alertName;
        }

        public Severity severity() {
            return severity;
        }

        public Owner owner() {
            return owner;
        }

        /// How long it holds before anybody is told.
        public Duration after() {
            return after;
        }

        /// What to do next.
        public String remedy() {
            return remedy;
        }
    }

    /// What makes it the same alert at each look.
    public record Key(Kind kind, Scope subject, String detail) {}

    public Key key() {
        return new Key(kind, subject, detail);
    }

    /// From when on somebody is told.
    public Instant firesAt(Instant firstSeen) {
        return since.orElse(firstSeen).plus(kind.after());
    }
}
