package cambium.rollout.health;

import java.util.List;

/// Something that the deployment did not touch, over a time before and the time after: it tells how much the world
/// changed without the version.
///
/// @param before its readings up to the start of the deployment
/// @param after its readings since then
public record Control(Kind kind, String name, List<HealthSample> before, List<HealthSample> after) {
    /// A cell that does not run the version; or the judged cell itself, a day earlier at the same time.
    public enum Kind { CELL, YESTERDAY }

    public Control {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}
