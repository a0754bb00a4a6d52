package cambium.rollout;

import java.util.Locale;

/// How much of a cell a deployment touches.
public enum StepKind {
    /// Only the application is brought to the version: minutes.
    APPLICATION,
    /// The whole installation converges, infrastructure and application.
    FULL;

    /// What a step was before kinds were told.
    public static final StepKind DEFAULT = APPLICATION;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
