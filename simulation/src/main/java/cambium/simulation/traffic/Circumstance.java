package cambium.simulation.traffic;

/// What happens to a cell around a deployment. The harmful ones are the version's doing and should be found; the others
/// are not and should be left alone.
public enum Circumstance {
    ORDINARY(false), LOW_TRAFFIC(false), COLD_START(false), RESTARTS_AND_GAPS(false), NOISY_NEIGHBOURS(false),
    DAY_AND_NIGHT(false), OUTAGE_OF_ALL(false),

    STEP_OF_ERRORS(true), STEP_OF_LATENCY(true), SLOW_BURN_OF_ERRORS(true), SLOW_BURN_OF_LATENCY(true),
    ERROR_BURST(true), SATURATION(true), ERRORS_FROM_NONE(true), ERRORS_AT_LOW_TRAFFIC(true),

    NOISE_ON_ONE_CELL(false);

    private final boolean harmful;

    Circumstance(boolean harmful) {
        this.harmful = harmful;
    }

    public boolean harmful() {
        return harmful;
    }

    boolean lowTraffic() {
        return this == LOW_TRAFFIC || this == ERRORS_AT_LOW_TRAFFIC;
    }
}
