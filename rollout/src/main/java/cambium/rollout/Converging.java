package cambium.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Brings the cells of each ring to its target and records when the ring has converged and baked.
final class Converging {
    private static final Comparator<RingStanding.Member> CANARIES_FIRST = Comparator
            .comparing((RingStanding.Member member) -> member.cell().spec().kind() != CellSpec.Kind.CANARY)
            .thenComparing(member -> member.cell().id());

    private final Situation situation;
    private final Draft draft;

    Converging(Situation situation, Draft draft) {
        this.situation = situation;
        this.draft = draft;
    }

    void decide() {
        situation.standings().forEach(this::decide);
    }

    private void decide(RingStanding standing) {
        standing.members().forEach(this::explain);
        if (!standing.converged()) {
            reopen(standing);
            startReady(standing);
            draft.wait(unconverged(standing));
        } else if (standing.target().convergedAt().isEmpty()) {
            draft.decide(new Decision.RecordConverged(standing.target().rollout(), standing.target().version(),
                    standing.spec().ring()));
        } else if (!standing.proved()) {
            bake(standing);
        }
    }

    private void explain(RingStanding.Member member) {
        if (member.standing() instanceof CellStanding.Excused(var wait)) {
            draft.wait(wait);
        }
        RingStanding.waitOf(member).ifPresent(draft::wait);
    }

    private static Wait unconverged(RingStanding standing) {
        var unmet = standing.unmet();
        var text = standing.convergedCells() + " of " + standing.members().size() + " cells converged on "
                + standing.target().version()
                + unmet.map(wait -> "; " + wait.subject() + ": " + wait.text()).orElse("");
        var scope = new Scope.OfRing(standing.spec().ring());
        return unmet.map(wait -> new Wait(wait.code(), scope, text, wait.until()))
                .orElse(Wait.of(Wait.Code.REQUESTED, scope, text));
    }

    /// A cell that merely cannot be seen for a while after its bake needs no new bake; any other loss begins a new one.
    private void reopen(RingStanding standing) {
        if (standing.target().convergedAt().isEmpty()) {
            return;
        }
        boolean onlyOutOfSight = standing.target().bakedAt().isPresent() && standing.members().stream()
                .allMatch(member ->
                member.standing() instanceof CellStanding.Converged || member.standing() instanceof CellStanding.Excused
                        || member.cell().provedGood(standing.target().version()));
        if (!onlyOutOfSight) {
            var why = standing.members().stream().filter(member ->
                    !(member.standing() instanceof CellStanding.Converged)
                    && !(member.standing() instanceof CellStanding.Excused)).findFirst()
                    .map(member -> "cell " + member.cell().id() + " is not converged"
                            + RingStanding.waitOf(member).map(wait -> ": " + wait.text()).orElse(""))
                    .orElse("no cell runs " + standing.target().version());
            draft.decide(new Decision.Reopen(standing.target().rollout(), standing.target().version(), standing.spec()
                    .ring(), why));
        }
    }

    private void bake(RingStanding standing) {
        var policy = standing.spec().policy();
        var readyAt = standing.target().convergedAt().orElseThrow().plus(policy.bake().time());
        for (var member : standing.members()) {
            if (member.standing() instanceof CellStanding.Converged(boolean proved, var since) && !proved) {
                var ownTime = since.plus(policy.bake().time());
                readyAt = ownTime.isAfter(readyAt) ? ownTime : readyAt;
            }
        }
        var samples = missingSamples(standing);
        if (situation.now.isBefore(readyAt)) {
            draft.wait(Wait.until(Wait.Code.BAKING, new Scope.OfRing(standing.spec().ring()), "bakes "
                    + standing.target().version() + " until " + readyAt + samples.map(wait -> "; " + wait.text())
                    .orElse(""), readyAt));
        } else if (samples.isPresent()) {
            draft.wait(samples.get());
            draft.wait(new Wait(Wait.Code.SAMPLES, new Scope.OfRing(standing.spec().ring()),
                    samples.get().subject() + " " + samples.get().text(), Optional.empty()));
        } else {
            var cells = standing.members().stream().filter(member ->
                    member.standing() instanceof CellStanding.Converged)
                    .map(member -> member.cell().id()).toList();
            draft.decide(new Decision.RecordBaked(standing.target().rollout(), standing.target().version(),
                    standing.spec().ring(), cells));
        }
    }

    private Optional<Wait> missingSamples(RingStanding standing) {
        long needed = standing.spec().policy().bake().samples();
        if (standing.spec().policy().health() == RingPolicy.HealthGate.NONE) {
            return Optional.empty();
        }
        for (var member : standing.members()) {
            if (member.standing() instanceof CellStanding.Converged(boolean proved, var _) && !proved) {
                long seen = member.cell().health().map(Cell.CellHealth::samples).orElse(0L);
                if (seen < needed) {
                    return Optional.of(Wait.of(Wait.Code.SAMPLES, new Scope.OfCell(member.cell().id()),
                            "has seen " + seen + " of " + needed + " requests that the bake needs"));
                }
            }
        }
        return Optional.empty();
    }

    private void startReady(RingStanding standing) {
        int places = standing.spec().policy().atOnce().among(standing.members().size()) - inMotion(standing);
        var canariesLeft = canariesLeft(standing);
        var ready = new ArrayList<RingStanding.Member>();
        for (var member : standing.members()) {
            if (member.standing() instanceof CellStanding.Ready(var step, var _)) {
                if (step == Step.DEPLOY) {
                    ready.add(member);
                } else {
                    start(standing, member.cell(), step);   // the cell has its place already
                }
            }
        }
        ready.sort(Comparator.comparing((RingStanding.Member member) -> !again(member)).thenComparing(CANARIES_FIRST));
        for (var member : ready) {
            var scope = new Scope.OfCell(member.cell().id());
            if (!canariesLeft.isEmpty() && !canariesLeft.contains(member.cell().id())) {
                draft.wait(Wait.of(Wait.Code.CANARY_FIRST, scope, "cell " + canariesLeft.getFirst()
                        + " goes before the others of the ring"));
            } else if (places > 0) {
                places--;
                start(standing, member.cell(), Step.DEPLOY);
            } else {
                draft.wait(Wait.of(Wait.Code.AT_ONCE, scope, "waits for its turn: " + standing.spec().policy().atOnce()
                        + " at once in ring "
                        + standing.spec().ring()));
            }
        }
    }

    private static boolean again(RingStanding.Member member) {
        return member.standing() instanceof CellStanding.Ready(var _, boolean again) && again;
    }

    /// Cells that are being changed, or were and have not proved healthy yet.
    private static int inMotion(RingStanding standing) {
        int count = 0;
        for (var member : standing.members()) {
            boolean given = member.cell().given().filter(known -> known.version().equals(standing.target().version()))
                    .isPresent();
            boolean moving = switch (member.standing()) {
                case CellStanding.Moving _ -> true;
                case CellStanding.Ready(var step, var _) -> step != Step.DEPLOY;
                case CellStanding.Stuck _, CellStanding.Pending _ -> given && !member.cell()
                        .provedGood(standing.target().version());
                case CellStanding.Converged _, CellStanding.Excused _, CellStanding.Failing _ -> false;
            };
            count += moving ? 1 : 0;
        }
        return count;
    }

    /// The first cells that have to converge before the others, as far as they have not.
    private static List<CellId> canariesLeft(RingStanding standing) {
        return standing.members().stream().sorted(CANARIES_FIRST).limit(standing.spec().policy().canaryFirst())
                .filter(member -> !(member.standing() instanceof CellStanding.Converged)
                && !(member.standing() instanceof CellStanding.Excused))
                .map(member -> member.cell().id()).toList();
    }

    private void start(RingStanding standing, Cell cell, Step step) {
        var running = cell.sight().flatMap(Cell.Sight::version).or(() -> cell.given().map(Cell.Given::version));
        int rollout = step == Step.DEPLOY ? standing.target().rollout()
                : cell.given().orElseThrow().attempt().rollout();
        draft.start(cell, step, rollout, standing.target().version(), running);
    }
}
