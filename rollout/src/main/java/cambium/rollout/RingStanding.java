package cambium.rollout;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Where a ring stands towards its target.
///
/// @param canariesLeft the first cells, which have to converge before the others, as far as they have not; one that is
///     excused leaves its place to the next, so that a failure which is tolerated does not let all others go at once
/// @param leftBusy cells that are in quarantine now and still end a deployment of this ring
record RingStanding(RingSpec spec, Ring.Target target, List<Member> members, List<CellId> canariesLeft,
        int leftBusy) {
    static final Comparator<Member> CANARIES_FIRST = Comparator
            .comparing((Member member) -> member.cell().spec().kind() != CellSpec.Kind.CANARY)
            .thenComparing(member -> member.cell().id());

    /// @param late the ring proved the version without it; what fails here says nothing against the version any more
    /// @param overdue it is so late that the ring goes on without it
    record Member(Cell cell, CellStanding standing, boolean late, boolean overdue) {}

    static RingStanding of(RingSpec spec, Ring.Target target, List<Member> members, int leftBusy) {
        var canariesLeft = spec.policy().canaryFirst() == 0 ? List.<CellId>of()
                : members.stream().filter(member -> !member.overdue()
                        && !(member.standing() instanceof CellStanding.Excused)).sorted(CANARIES_FIRST)
                        .limit(spec.policy().canaryFirst())
                        .filter(member -> !(member.standing() instanceof CellStanding.Converged))
                        .map(member -> member.cell().id()).toList();
        return new RingStanding(spec, target, List.copyOf(members), canariesLeft, leftBusy);
    }

    /// Every cell of the ring that is not excused or overdue runs the version and proved healthy. At least one must.
    boolean converged() {
        boolean any = false;
        for (var member : members) {
            switch (member.standing()) {
                case CellStanding.Converged _ -> any = true;
                case CellStanding.Excused _ -> { }
                case CellStanding.Moving _, CellStanding.Ready _, CellStanding.Pending _, CellStanding.Stuck _,
                        CellStanding.Failing _ -> {
                    if (!member.overdue()) {
                        return false;
                    }
                }
            }
        }
        return any;
    }

    /// Converged, and its bake is complete on every cell.
    boolean proved() {
        return target.bakedAt().isPresent() && converged() && members.stream().noneMatch(member ->
                !member.overdue() && member.standing() instanceof CellStanding.Converged(boolean proved, var _)
                && !proved);
    }

    /// What is left to converge does not move by itself.
    boolean stalled() {
        if (converged()) {
            return false;
        }
        int places = places();
        return members.stream().allMatch(member -> member.overdue() || switch (member.standing()) {
            case CellStanding.Converged _, CellStanding.Excused _, CellStanding.Stuck _ -> true;
            case CellStanding.Ready(var step, var _) -> step == Step.DEPLOY && turn(member.cell(), places).isPresent();
            case CellStanding.Moving _, CellStanding.Pending _, CellStanding.Failing _ -> false;
        });
    }

    /// Why a cell that is ready for deployment must let others go first, if so.
    Optional<Wait> turn(Cell cell, int places) {
        var scope = new Scope.OfCell(cell.id());
        if (!canariesLeft.isEmpty() && !canariesLeft.contains(cell.id())) {
            return Optional.of(Wait.of(Wait.Code.CANARY_FIRST, scope, "cell " + canariesLeft.getFirst()
                    + " goes before the others of the ring"));
        }
        return places > 0 ? Optional.empty() : Optional.of(Wait.of(Wait.Code.AT_ONCE, scope,
                "waits for its turn: " + spec.policy().atOnce() + " at once in ring " + spec.ring()));
    }

    /// How many more cells may be deployed to now.
    int places() {
        return spec.policy().atOnce().among(members.size()) - inMotion() - leftBusy;
    }

    /// Cells that are being changed, or were and have not proved healthy yet.
    private int inMotion() {
        int count = 0;
        for (var member : members) {
            boolean given = member.cell().given().filter(known -> known.version().equals(target.version())).isPresent();
            boolean moving = switch (member.standing()) {
                case CellStanding.Moving _ -> true;
                case CellStanding.Ready(var step, var _) -> step != Step.DEPLOY;
                case CellStanding.Stuck _, CellStanding.Pending _ ->
                    given && !member.cell().provedGood(target.version());
                case CellStanding.Converged _, CellStanding.Excused _, CellStanding.Failing _ -> false;
            };
            count += moving ? 1 : 0;
        }
        return count;
    }

    /// The first cell that is not converged, and why.
    Optional<Wait> unmet() {
        return members.stream().filter(member -> !member.overdue()).flatMap(member -> waitOf(member).stream())
                .findFirst();
    }

    static Optional<Wait> waitOf(Member member) {
        return waitOf(member.standing());
    }

    static Optional<Wait> waitOf(CellStanding standing) {
        return switch (standing) {
            case CellStanding.Converged _, CellStanding.Ready _, CellStanding.Failing _, CellStanding.Excused _ ->
                    Optional.empty();
            case CellStanding.Moving(var wait) -> Optional.of(wait);
            case CellStanding.Pending(var wait) -> Optional.of(wait);
            case CellStanding.Stuck(var wait) -> Optional.of(wait);
        };
    }

    long convergedCells() {
        return members.stream().filter(member -> member.standing() instanceof CellStanding.Converged).count();
    }
}
