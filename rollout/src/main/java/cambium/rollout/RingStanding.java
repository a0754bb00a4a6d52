package cambium.rollout;

import java.util.List;
import java.util.Optional;

/// Where a ring stands towards its target.
record RingStanding(RingSpec spec, Ring.Target target, List<Member> members) {
    record Member(Cell cell, CellStanding standing) {}

    RingStanding {
        members = List.copyOf(members);
    }

    /// Every cell of the ring that is not excused runs the version and proved healthy. At least one must.
    boolean converged() {
        boolean any = false;
        for (var member : members) {
            switch (member.standing()) {
                case CellStanding.Converged _ -> any = true;
                case CellStanding.Excused _ -> { }
                case CellStanding.Moving _, CellStanding.Ready _, CellStanding.Pending _, CellStanding.Stuck _,
                        CellStanding.Failing _ -> {
                    return false;
                }
            }
        }
        return any;
    }

    /// Converged, and its bake is complete on every cell.
    boolean proved() {
        return target.bakedAt().isPresent() && converged() && members.stream().noneMatch(member ->
                member.standing() instanceof CellStanding.Converged(boolean proved, var _) && !proved);
    }

    /// What is left to converge does not move by itself.
    boolean stalled() {
        return !converged() && members.stream().allMatch(member -> switch (member.standing()) {
            case CellStanding.Converged _, CellStanding.Excused _, CellStanding.Stuck _ -> true;
            case CellStanding.Moving _, CellStanding.Ready _, CellStanding.Pending _, CellStanding.Failing _ -> false;
        });
    }

    /// The first cell that is not converged, and why.
    Optional<Wait> unmet() {
        return members.stream().flatMap(member -> waitOf(member).stream()).findFirst();
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
