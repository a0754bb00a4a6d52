package cambium.rollout;

/// What an attempt does to a cell.
public enum Step {
    DEPLOY, QA, PDM, ROLLBACK;

    /// Whether it brings a cell nearer to a new version, and so is what a brake stops.
    public boolean forward() {
        return switch (this) {
            case DEPLOY, PDM -> true;
            case QA, ROLLBACK -> false;
        };
    }

    /// The word used in attempt ids and drivers' folders.
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    public static Step of(String word) {
        for (Step step : values()) {
            if (step.word().equals(word)) {
                return step;
            }
        }
        throw new IllegalArgumentException("'" + word + "' is not a step");
    }
}
