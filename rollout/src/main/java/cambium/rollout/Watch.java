package cambium.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A cell that runs what an attempt brought it and whose health decides what comes next: until it has baked the
/// version, and then as long as the rollout goes on to other cells.
///
/// @param startedAt what was measured before this instant is the cell's own past
/// @param since what was measured from this instant on speaks for the version
/// @param samplesNeeded requests that the bake asks for
public record Watch(CellId cell, RingNumber ring, ProductVersion version, AttemptId attempt, Instant startedAt,
        Instant since, long samplesNeeded) {

    static List<Watch> in(Fleet fleet) {
        var watches = new ArrayList<Watch>();
        fleet.spec().ifPresent(spec -> {
            for (var ring : spec.rings()) {
                if (ring.policy().health() == RingPolicy.HealthGate.REQUIRED) {
                    ring.cells().stream().map(cell -> fleet.cells().get(cell.cell()))
                            .filter(cell -> cell.ring().equals(ring.ring()))
                            .forEach(cell -> add(fleet, cell, ring, watches));
                }
            }
        });
        return List.copyOf(watches);
    }

    private static void add(Fleet fleet, Cell cell, RingSpec ring, List<Watch> watches) {
        var deployment = cell.last(Step.DEPLOY);
        if (deployment.isEmpty() || !deployment.get().terminal() || deployment.get().startedAt().isEmpty()) {
            return;
        }
        var attempt = deployment.get();
        boolean stillGiven = cell.given().isPresent() && cell.given().get().attempt().equals(attempt.id());
        var rollout = fleet.rollouts().get(attempt.id().rollout());
        boolean open = !cell.provedGood(attempt.version()) || rollout != null
                && rollout.state() == Rollout.State.ACTIVE;
        if (open && stillGiven && cell.runs(attempt.version()) && attempt.mayHaveWorked()) {
            watches.add(new Watch(cell.id(), ring.ring(), attempt.version(), attempt.id(), attempt.startedAt()
                    .orElseThrow(),
                    attempt.finishedAt().orElseThrow(), ring.policy().bake().of(Optional.ofNullable(rollout))
                    .samples()));
        }
    }
}
