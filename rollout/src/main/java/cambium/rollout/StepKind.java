package cambium.rollout;

import java.util.Locale;

/// How much of a cell a deployment touches.
public enum StepKind {
    /// Only the application is brought to the version: minutes.
    APPLICATION,
    /// The whole installation converges, infrastructure and application.
    FULL;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
