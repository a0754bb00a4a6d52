package cambium.rollout;

/// What the health of a cell after a deployment says. No data never opens a gate.
public enum Verdict {
    HEALTHY, HARMFUL, NO_DATA;

    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
