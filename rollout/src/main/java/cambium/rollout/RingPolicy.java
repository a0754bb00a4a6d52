package cambium.rollout;

import java.time.Duration;
import java.util.function.Consumer;

/// How a ring takes a version.
///
/// @param canaryFirst that many cells converge before the others of the ring start; 0 for none
/// @param toleratedFailures that many cells of the ring may fail a version without blocking it
/// @param retries further tries after a failed or timed-out attempt of a deployment, QA or PDM
/// @param timeout bound of an attempt, and of the time until its effect is seen on the cell
/// @param windows when deployments and PDM may start; a step that runs goes on, and rollbacks never wait
/// @param supersede what it does about newer versions while it is busy
/// @param mandatory cells whose failure is never tolerated
/// @param gates what a version needs beside proof
public record RingPolicy(AtOnce atOnce, int canaryFirst, Bake bake, Qa qa, Pdm pdm, int toleratedFailures, int retries,
        Duration timeout, HealthGate health, Mandatory mandatory, CellPolicy cells, Pace pace, Schedule windows,
        Gates gates, Supersede supersede) {
    static final Duration MAX_TIMEOUT = Duration.ofDays(7);

    public static final RingPolicy DEFAULT = new RingPolicy(new AtOnce.Percent(100), 0, new Bake(Duration.ofMinutes(5),
            100),
            Qa.NONE, Pdm.AFTER_BAKE, 0, 0, Duration.ofMinutes(10), HealthGate.REQUIRED, Mandatory.DEFAULT,
            CellPolicy.DEFAULT, Pace.DEFAULT, Schedule.DEFAULT, Gates.DEFAULT, Supersede.DEFAULT);

    /// Whether a QA step runs on each cell, and whether its failure counts against the version.
    public enum Qa { NONE, SOFT, BLOCKING }

    /// When post-deployment migrations of a cell run.
    public enum Pdm { AFTER_BAKE, WITH_DEPLOYMENT, MANUAL }

    /// `NONE` is for cells that offer no metrics: they converge by what they are seen running.
    public enum HealthGate { REQUIRED, NONE }

    public RingPolicy {
        Grammar.range("canary-first", canaryFirst, 0, FleetSpec.MAX_CELLS);
        Grammar.range("tolerated-failures", toleratedFailures, 0, FleetSpec.MAX_CELLS);
        Grammar.range("retries", retries, 0, 10);
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout is " + timeout + ", must be more than 0 and at most "
                    + MAX_TIMEOUT.toDays() + " days");
        }
    }

    /// How many people must approve a version before the ring opens for it.
    int approvers() {
        return gates.approvers();
    }

    /// The same policy with some parts changed: `policy.with(parts -> parts.retries = 2)`.
    public RingPolicy with(Consumer<Parts> change) {
        var parts = new Parts(this);
        change.accept(parts);
        return parts.policy();
    }

    /// A policy while it is put together, so that whoever changes one part need not name the others.
    public static final class Parts {
        public AtOnce atOnce;
        public int canaryFirst;
        public Bake bake;
        public Qa qa;
        public Pdm pdm;
        public int toleratedFailures;
        public int retries;
        public Duration timeout;
        public HealthGate health;
        public Mandatory mandatory;
        public CellPolicy cells;
        public Pace pace;
        public Schedule windows;
        public Gates gates;
        public Supersede supersede;

        Parts(RingPolicy policy) {
            atOnce = policy.atOnce;
            canaryFirst = policy.canaryFirst;
            bake = policy.bake;
            qa = policy.qa;
            pdm = policy.pdm;
            toleratedFailures = policy.toleratedFailures;
            retries = policy.retries;
            timeout = policy.timeout;
            health = policy.health;
            mandatory = policy.mandatory;
            cells = policy.cells;
            pace = policy.pace;
            windows = policy.windows;
            gates = policy.gates;
            supersede = policy.supersede;
        }

        RingPolicy policy() {
            return new RingPolicy(atOnce, canaryFirst, bake, qa, pdm, toleratedFailures, retries, timeout, health,
                    mandatory, cells, pace, windows, gates, supersede);
        }
    }
}
