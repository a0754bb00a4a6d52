package cambium.simulation;

import static cambium.simulation.Planting.seeing;
import static cambium.simulation.Planting.told;

import cambium.rollout.CellId;
import cambium.rollout.FleetEvent.VerdictReached;
import cambium.rollout.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Mistakes between the judge and the gates.
enum Misjudgements implements Planted {
    TAKES_TOO_LITTLE_FOR_HEALTH("C-11: a verdict counts", told(() -> verdict -> verdict.verdict() == Verdict.NO_DATA
            ? as(verdict, Verdict.HEALTHY, verdict.samples()) : verdict)),
    TAKES_HARM_FOR_TOO_LITTLE("C-11: a verdict counts", told(() -> verdict -> verdict.verdict() == Verdict.HARMFUL
            ? as(verdict, Verdict.NO_DATA, 0) : verdict)),
    COUNTS_REQUESTS_TWICE("C-11: a verdict counts", told(() -> verdict ->
            as(verdict, verdict.verdict(), verdict.samples() * 2))),
    KEEPS_THE_VERDICT_ON_WHAT_RAN_BEFORE("C-11: a verdict counts", told(Keeping::new)),
    LETS_WHAT_IS_HARMFUL_GO_ON("C-13", seeing(fleet -> Misreadings.withCells(fleet, cell -> cell.health()
            .filter(health -> health.verdict() == Verdict.HARMFUL)
            .map(health -> Narrowly.judged(cell, health, Verdict.NO_DATA)).orElse(cell))));

    private final String promise;
    private final Bait bait;

    Misjudgements(String promise, Bait bait) {
        this.promise = promise;
        this.bait = bait;
    }

    @Override
    public String promise() {
        return promise;
    }

    @Override
    public Bait bait() {
        return bait;
    }

    private static VerdictReached as(VerdictReached told, Verdict verdict, long samples) {
        return new VerdictReached(told.at(), told.cell(), told.attempt(), told.version(), verdict, samples,
                told.evidence());
    }

    /// A cell that was once judged healthy is so with whatever comes.
    private static final class Keeping implements UnaryOperator<VerdictReached> {
        private final Map<CellId, VerdictReached> healthy = new HashMap<>();

        @Override
        public VerdictReached apply(VerdictReached told) {
            var before = healthy.get(told.cell());
            if (before != null && !before.attempt().equals(told.attempt())) {
                return as(told, before.verdict(), before.samples());
            }
            if (told.verdict() == Verdict.HEALTHY) {
                healthy.put(told.cell(), told);
            }
            return told;
        }
    }
}
