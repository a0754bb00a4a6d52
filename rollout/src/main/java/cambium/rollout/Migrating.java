package cambium.rollout;

import java.util.Optional;

/// Runs PDM where a ring has baked, and graduates what passed it on the main cell.
final class Migrating {
    private final Situation situation;
    private final Draft draft;

    Migrating(Situation situation, Draft draft) {
        this.situation = situation;
        this.draft = draft;
    }

    void decide() {
        for (var standing : situation.standings()) {
            if (standing.proved()) {
                migrate(standing);
                graduate(standing);
            }
        }
    }

    private void migrate(RingStanding standing) {
        int places = standing.spec().policy().atOnce().among(standing.members().size());
        for (var member : standing.members()) {
            if (baked(member)) {
                places -= migrate(standing, member.cell(), places > 0);
            }
        }
    }

    /// In a ring that has proved the version; cells that come later bake on their own.
    private static boolean baked(RingStanding.Member member) {
        return member.standing() instanceof CellStanding.Converged(boolean proved, var _)
                && (proved || !member.overdue());
    }

    /// Answers how many of the ring's places the cell takes.
    private int migrate(RingStanding standing, Cell cell, boolean place) {
        switch (of(standing, cell)) {
            case Migration.Done _ -> { }
            case Migration.Ready _ when place -> {
                draft.start(cell, Step.PDM, standing.target().rollout(), standing.target().version(),
                        Optional.of(standing.target().version()));
                return 1;
            }
            case Migration.Ready _ ->
                draft.wait(Wait.of(Wait.Code.AT_ONCE, new Scope.OfCell(cell.id()), "PDM waits for its turn"));
            case Migration.UnderWay(var wait) -> {
                draft.wait(wait);
                return 1;
            }
            case Migration.Hindered(var wait) -> draft.wait(wait);
            case Migration.Failed(var attempt, var wait) -> {
                draft.wait(wait);
                draft.page("pdm:" + attempt, wait.subject(), wait.text());
            }
        }
        return 0;
    }

    private Migration of(RingStanding standing, Cell cell) {
        var policy = standing.spec().policy();
        return Migration.of(situation, cell, standing.target().version(), policy,
                policy.pdm() != RingPolicy.Pdm.MANUAL);
    }

    private void graduate(RingStanding standing) {
        var version = situation.version(standing.target().version());
        var main = situation.fleet.cells().get(situation.spec.mainCell().cell());
        if (main.ring().equals(standing.spec().ring()) && mayGraduate(situation, version)
                && situation.spec.graduation() == FleetSpec.Graduation.AUTOMATIC) {
            draft.decide(new Decision.Graduate(version.version()));
        }
    }

    /// Deployed and baked on the main cell, PDM succeeded there, nothing blocks it.
    static boolean mayGraduate(Situation situation, VersionRecord version) {
        var main = situation.fleet.cells().get(situation.spec.mainCell().cell());
        boolean proved = situation.standing(main.ring())
                .filter(standing -> standing.target().version().equals(version.version()) && standing.proved())
                .isPresent();
        boolean migrated = main.pdm().filter(run -> run.version().equals(version.version())
                && run.outcome() == Cell.PdmRun.Outcome.SUCCEEDED).isPresent();
        return version.graduatedAt().isEmpty() && version.blocked().isEmpty() && proved && migrated
                && main.runs(version.version());
    }

    /// Whether everything that follows the bake of this ring by itself has come to its end.
    static boolean settled(Situation situation, RingStanding standing) {
        var policy = standing.spec().policy();
        if (policy.pdm() == RingPolicy.Pdm.MANUAL) {
            return true;
        }
        for (var member : standing.members()) {
            if (baked(member)) {
                switch (Migration.of(situation, member.cell(), standing.target().version(), policy, true)) {
                    case Migration.Done _, Migration.Hindered _, Migration.Failed _ -> { }
                    case Migration.Ready _, Migration.UnderWay _ -> {
                        return false;
                    }
                }
            }
        }
        return situation.spec.graduation() == FleetSpec.Graduation.MANUAL
                || !mayGraduate(situation, situation.version(standing.target().version()));
    }
}
