package cambium.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// Brings the cells of each ring to its target and records when the ring has converged and baked.
final class Converging {
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
        startReady(standing);
        if (!standing.converged()) {
            reopen(standing);
            draft.wait(unconverged(standing));
            standsStill(standing);
        } else if (standing.target().convergedAt().isEmpty()) {
            draft.decide(new Decision.RecordConverged(standing.target().rollout(), standing.target().version(),
                    standing.spec().ring()));
        } else if (!standing.proved()) {
            bake(standing);
        } else {
            bakeOverdue(standing);
        }
    }

    private void standsStill(RingStanding standing) {
        Standstill.since(situation, standing).ifPresent(since -> draft.wait(Standstill.wait(standing, since)));
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
        if (excused(standing)) {
            return standing.members().stream().map(RingStanding.Member::standing).flatMap(Converging::pinned)
                    .findFirst().map(wait -> Wait.of(Wait.Code.PINNED, scope, text + "; " + wait.text()))
                    .orElseGet(() -> Wait.of(Wait.Code.FAILED, scope, text + ": it failed on every cell"));
        }
        return unmet.map(wait -> new Wait(wait.code(), scope, text, wait.until()))
                .orElseGet(() -> Wait.of(Wait.Code.REQUESTED, scope, text));
    }

    private static Stream<Wait> pinned(CellStanding standing) {
        return standing instanceof CellStanding.Excused(var wait) && wait.code() == Wait.Code.PINNED ? Stream.of(wait)
                : Stream.empty();
    }

    private static boolean excused(RingStanding standing) {
        return standing.members().stream().allMatch(member -> member.standing() instanceof CellStanding.Excused);
    }

    /// A cell that merely cannot be seen for a while after its bake needs no new bake; any other loss begins a new one.
    private void reopen(RingStanding standing) {
        if (standing.target().convergedAt().isEmpty()) {
            return;
        }
        var target = standing.target();
        var lost = standing.members().stream().filter(Converging::lost).toList();
        boolean onlyOutOfSight = target.bakedAt().isPresent() && !lost.isEmpty()
                && lost.stream().allMatch(member -> member.cell().provedGood(target.version()));
        if (!onlyOutOfSight) {
            var why = lost.stream().findFirst().map(member -> "cell " + member.cell().id() + " is not converged"
                    + RingStanding.waitOf(member).map(wait -> ": " + wait.text()).orElse(""))
                    .orElse("no cell runs " + target.version());
            draft.decide(new Decision.Reopen(target.rollout(), target.version(), standing.spec().ring(), why));
        }
    }

    private static boolean lost(RingStanding.Member member) {
        return !(member.standing() instanceof CellStanding.Converged)
                && !(member.standing() instanceof CellStanding.Excused) && !member.overdue();
    }

    private void bake(RingStanding standing) {
        var bake = situation.bake(standing);
        var readyAt = standing.target().convergedAt().orElseThrow().plus(bake.time());
        for (var member : standing.members()) {
            if (member.standing() instanceof CellStanding.Converged(boolean proved, var since) && !proved
                    && !member.overdue()) {
                var ownTime = since.plus(bake.time());
                readyAt = ownTime.isAfter(readyAt) ? ownTime : readyAt;
            }
        }
        var samples = missingSamples(standing);
        if (situation.now.isBefore(readyAt)) {
            var text = "bakes " + standing.target().version() + situation.bakeWord(standing) + " until "
                    + WholeSeconds.end(readyAt) + samples.map(wait -> "; " + wait.text()).orElse("");
            draft.wait(Wait.until(Wait.Code.BAKING, new Scope.OfRing(standing.spec().ring()), text, readyAt));
        } else if (samples.isPresent()) {
            draft.wait(samples.get());
            draft.wait(new Wait(Wait.Code.SAMPLES, new Scope.OfRing(standing.spec().ring()),
                    samples.get().subject() + " " + samples.get().text(), Optional.empty()));
            standsStill(standing);
        } else {
            var cells = standing.members().stream()
                    .filter(member -> !member.overdue() && member.standing() instanceof CellStanding.Converged)
                    .map(member -> member.cell().id()).toList();
            draft.decide(new Decision.RecordBaked(standing.target().rollout(), standing.target().version(),
                    standing.spec().ring(), cells));
        }
    }

    /// Cells that the ring does not wait for any more bake each on their own.
    private void bakeOverdue(RingStanding standing) {
        var cells = new ArrayList<CellId>();
        for (var member : standing.members()) {
            if (member.overdue() && member.standing() instanceof CellStanding.Converged(boolean proved, var since)
                    && !proved) {
                var readyAt = since.plus(situation.bake(standing).time());
                var samples = missingSamples(standing, member.cell());
                if (situation.now.isBefore(readyAt)) {
                    draft.wait(Wait.until(Wait.Code.BAKING, new Scope.OfCell(member.cell().id()), "bakes "
                            + standing.target().version() + situation.bakeWord(standing) + " until "
                            + WholeSeconds.end(readyAt), readyAt));
                } else if (samples.isPresent()) {
                    draft.wait(samples.get());
                } else {
                    cells.add(member.cell().id());
                }
            }
        }
        if (!cells.isEmpty()) {
            draft.decide(new Decision.RecordBaked(standing.target().rollout(), standing.target().version(),
                    standing.spec().ring(), cells));
        }
    }

    private Optional<Wait> missingSamples(RingStanding standing) {
        return standing.members().stream().filter(member -> !member.overdue()
                && member.standing() instanceof CellStanding.Converged(boolean proved, var _) && !proved)
                .flatMap(member -> missingSamples(standing, member.cell()).stream()).findFirst();
    }

    private Optional<Wait> missingSamples(RingStanding standing, Cell cell) {
        long needed = situation.bake(standing).samples();
        long seen = cell.health().map(Cell.CellHealth::samples).orElse(0L);
        return standing.spec().policy().health() == RingPolicy.HealthGate.NONE || seen >= needed ? Optional.empty()
                : Optional.of(Wait.of(Wait.Code.SAMPLES, new Scope.OfCell(cell.id()),
                        "has seen " + seen + " of " + needed + " requests that the bake needs"));
    }

    private void startReady(RingStanding standing) {
        int places = standing.places();
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
        ready.sort(Comparator.comparing((RingStanding.Member member) -> !again(member))
                .thenComparing(RingStanding.CANARIES_FIRST));
        var recent = new RecentStarts(standing.spec(), standing.members().stream().map(RingStanding.Member::cell)
                .toList(), situation.now, true);
        int left = recent.left();
        for (var member : ready) {
            boolean spent = left <= 0 && standing.turn(member.cell(), places).isEmpty();
            var turn = spent ? Optional.of(recent.wait(new Scope.OfCell(member.cell().id())))
                    : standing.turn(member.cell(), places);
            if (turn.isPresent()) {
                draft.wait(turn.get());
            } else {
                places--;
                left--;
                start(standing, member.cell(), Step.DEPLOY);
            }
        }
    }

    private static boolean again(RingStanding.Member member) {
        return member.standing() instanceof CellStanding.Ready(var _, boolean again) && again;
    }

    private void start(RingStanding standing, Cell cell, Step step) {
        var running = cell.sight().flatMap(Cell.Sight::version).or(() -> cell.given().map(Cell.Given::version));
        int rollout = step == Step.DEPLOY ? standing.target().rollout()
                : cell.given().orElseThrow().attempt().rollout();
        draft.start(cell, step, rollout, standing.target().version(), running);
    }
}
