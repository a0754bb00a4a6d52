package cambium.rollout;

import java.time.Duration;

/// How a ring takes a version.
///
/// @param canaryFirst that many cells converge before the others of the ring start; 0 for none
/// @param toleratedFailures that many cells of the ring may fail a version without blocking it
/// @param retries further tries after a failed or timed-out attempt of a deployment, QA or PDM
/// @param timeout bound of an attempt, and of the time until its effect is seen on the cell
public record RingPolicy(AtOnce atOnce, int canaryFirst, Bake bake, Qa qa, Pdm pdm, int toleratedFailures, int retries,
        Duration timeout, HealthGate health) {
    static final Duration MAX_TIMEOUT = Duration.ofDays(7);

    public static final RingPolicy DEFAULT = new RingPolicy(new AtOnce.Percent(100), 0, new Bake(Duration.ofMinutes(5),
            100),
            Qa.NONE, Pdm.AFTER_BAKE, 0, 0, Duration.ofMinutes(10), HealthGate.REQUIRED);

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
}
