package cambium.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is said and what is missing of one version's approval for one ring.
///
/// @param due whether the ring would open now, but for this
/// @param opened whether the ring has opened for the version
/// @param given in order of name
public record ApprovalStatus(ProductVersion version, RingNumber ring, boolean insidePerimeter, int approvers,
        State state, boolean due, boolean opened, List<Given> given, Optional<Approvals.Objection> objection) {
    public enum State { WAITING, APPROVED, REFUSED }

    public record Given(String by, Instant at, Optional<String> why) {}

    public ApprovalStatus {
        given = List.copyOf(given);
    }

    /// Of every rollout under way and every ring ahead of it, or taken by it, that asks for approval; by ring, the
    /// newest version first.
    public static List<ApprovalStatus> of(Fleet fleet, Plan plan, Instant now) {
        var all = new ArrayList<ApprovalStatus>();
        fleet.spec().ifPresent(spec -> {
            var situation = new Situation(fleet, spec, now);
            for (var ring : spec.rings()) {
                int taken = fleet.rings().get(ring.ring()).target().map(Ring.Target::rollout).orElse(0);
                fleet.rollouts().descendingMap().values().stream().filter(rollout -> ring.policy().approvers() > 0
                        && ring.ring().value() >= 0 && rollout.state() == Rollout.State.ACTIVE
                        && rollout.number() >= taken).forEach(rollout ->
                        all.add(of(situation, plan, ring, rollout, taken == rollout.number())));
            }
        });
        return all;
    }

    private static ApprovalStatus of(Situation situation, Plan plan, RingSpec ring, Rollout rollout, boolean opened) {
        var version = rollout.version();
        var said = situation.version(version).approvals().in(ring.ring());
        int approvers = ring.policy().approvers();
        var state = said.granted(approvers) || opened && said.objection().isEmpty() ? State.APPROVED
                : said.objection().filter(Approvals.Objection::refusal).isPresent() ? State.REFUSED : State.WAITING;
        boolean due = ApprovalGate.beforeOpening(situation, ring.ring(), version).filter(plan.waits()::contains)
                .isPresent();
        return new ApprovalStatus(version, ring.ring(), !situation.outsidePerimeter(ring.ring()), approvers, state,
                due, opened, said.given().entrySet().stream().map(each -> new Given(each.getKey(),
                        each.getValue().at(), each.getValue().why())).toList(), said.objection());
    }
}
