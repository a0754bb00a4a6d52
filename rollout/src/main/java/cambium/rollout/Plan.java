package cambium.rollout;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What to do now, and why everything else waits.
public record Plan(List<Decision> decisions, List<Wait> waits) {
    public Plan {
        decisions = List.copyOf(decisions);
        waits = List.copyOf(waits);
    }

    /// The first wait about this subject.
    public Optional<Wait> waitOf(Scope subject) {
        return waits.stream().filter(wait -> wait.subject().equals(subject)).findFirst();
    }

    /// The waits that pass on no other: what really is in the way.
    public List<Wait> causes() {
        var echoes = new Echoes(waits);
        return waits.stream().filter(wait -> echoes.of(wait).isEmpty()).toList();
    }

    /// When time alone next changes the plan.
    public Optional<Instant> wakeAt() {
        return waits.stream().flatMap(wait -> wait.until().stream()).min(Comparator.naturalOrder());
    }
}
