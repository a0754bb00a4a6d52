package cambium.rollout;

import java.util.stream.Stream;

/// Takes a cell out of its ring that fails what other cells take well, where the policy says so, and tells of each
/// cell that stands in quarantine.
final class Quarantining {
    private Quarantining() {}

    static void decide(Situation situation, Draft draft) {
        for (var cell : situation.fleet.cells().values()) {
            if (cell.ring().equals(RingNumber.QUARANTINE)) {
                draft.wait(cell.membership().duty() instanceof Duty.Quarantined ? Waits.away(cell)
                        : Wait.of(Wait.Code.QUARANTINED, new Scope.OfCell(cell.id()), "is declared in ring -1"));
                if (cell.membership().by().equals(FleetEvent.AUTOMATION)
                        && cell.membership().duty() instanceof Duty.Quarantined) {
                    draft.page("quarantine:" + cell.id() + ":" + cell.membership().dutySince(),
                            new Scope.OfCell(cell.id()), "is quarantined: " + cell.membership().why());
                }
            }
        }
        for (var ring : situation.spec.rings()) {
            int limit = ring.policy().cells().quarantineAfter();
            if (limit > 0 && ring.ring().value() >= 0) {
                situation.members(ring).filter(cell -> cell.current().isEmpty() && mayGo(situation, cell))
                        .filter(cell -> failures(situation, cell) >= limit).limit(1).forEach(cell -> draft.decide(
                        new Decision.Quarantine(cell.id(), "failed " + failures(situation, cell)
                        + " versions in a row that were not blocked for it; cambium cell resume " + cell.id()
                        + " lets it return")));
            }
        }
    }

    /// Neither the main cell, without which nothing graduates, nor the last cell on duty of its ring.
    static boolean mayGo(Situation situation, Cell cell) {
        return cell.spec().kind() != CellSpec.Kind.MAIN && !cell.membership().offDuty(situation.now)
                && situation.members(situation.spec.ring(cell.ring()).orElseThrow())
                .anyMatch(other -> !other.id().equals(cell.id()) && !other.membership().offDuty(situation.now));
    }

    private static long failures(Situation situation, Cell cell) {
        return situation.fleet.versions().values().stream().filter(version -> version.blocked().isEmpty())
                .flatMap(version -> Stream.ofNullable(version.failures().get(cell.id())))
                .filter(failure -> failure.at().isAfter(cell.membership().since())
                && cell.lastKnownGood().filter(good -> good.at().isAfter(failure.at())).isEmpty()).count();
    }
}
