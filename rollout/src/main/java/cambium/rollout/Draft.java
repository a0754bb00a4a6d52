package cambium.rollout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A plan in the making.
final class Draft {
    private final Situation situation;
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Wait> waits = new ArrayList<>();
    private final Set<CellId> starting = new HashSet<>();

    Draft(Situation situation) {
        this.situation = situation;
    }

    void decide(Decision decision) {
        decisions.add(decision);
    }

    void wait(Wait wait) {
        waits.add(wait);
    }

    void page(String key, Scope subject, String text) {
        if (!situation.fleet.pages().containsKey(key)) {
            decisions.add(new Decision.Page(key, subject, text));
        }
    }

    boolean undecided() {
        return decisions.isEmpty();
    }

    void start(Cell cell, Step step, int rollout, ProductVersion version, Optional<ProductVersion> previous) {
        if (cell.current().isPresent() || !starting.add(cell.id())) {
            throw new IllegalStateException("cell " + cell.id() + " would get a second attempt at once: " + step + " "
                    + version);
        }
        var timeout = situation.policyOf(cell).timeout();
        decisions.add(new Decision.Start(new AttemptId(rollout, cell.id(), step, cell.nextTry(rollout, step)),
                cell.id(), cell.ring(),
                step, version,
                previous, timeout, step == Step.DEPLOY ? kind(cell, rollout) : StepKind.APPLICATION));
    }

    /// What a person asked for, or the whole of a cell that has nothing yet, or as the rollout or the ring says.
    private StepKind kind(Cell cell, int rollout) {
        return cell.wishes().kindAsked().or(() -> cell.given().isEmpty() ? Optional.of(StepKind.FULL)
                : situation.fleet.rollouts().get(rollout).kind()).orElse(situation.policyOf(cell).cells().kind());
    }

    Optional<Wait> waitOf(Scope subject) {
        return waits.stream().filter(wait -> wait.subject().equals(subject)).findFirst();
    }

    Plan plan() {
        return new Plan(decisions, waits);
    }
}
