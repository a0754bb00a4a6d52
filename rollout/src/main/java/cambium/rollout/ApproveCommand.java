package cambium.rollout;

import cambium.rollout.FleetCommand.Answer;
import cambium.rollout.FleetCommand.Answer.Accepted;
import cambium.rollout.FleetCommand.Answer.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Letting a version into a ring, refusing it, and taking either back.
final class ApproveCommand {
    private ApproveCommand() {}

    static Answer decide(Fleet fleet, FleetCommand.Approve command, String by, Instant now) {
        return refusal(fleet, command, now).orElseGet(() -> accepted(fleet, command, by, now));
    }

    private static Optional<Answer> refusal(Fleet fleet, FleetCommand.Approve command, Instant now) {
        var version = command.version();
        var ring = command.ring();
        var unknown = FleetCommands.unknownOrBlocked(fleet, version)
                .or(() -> FleetCommands.unknown(fleet, new Scope.OfRing(ring)));
        if (unknown.isPresent()) {
            return unknown;
        }
        var spec = fleet.spec().orElseThrow();
        boolean asks = ApprovalGate.approvers(spec, ring) > 0
                || ring.value() == 0 && Lateness.late(new Situation(fleet, spec, now)).isPresent();
        if (!asks) {
            return refused("no_approval_needed", "ring " + ring + " asks for no approval; its policy would say"
                    + " approval: required");
        }
        var rollout = fleet.rolloutOf(version).filter(known -> known.state() == Rollout.State.ACTIVE);
        if (rollout.isEmpty()) {
            return refused("not_under_way", "no rollout of " + version + " is under way, and an approval is for the"
                    + " rollout that waits for it: cambium deploy " + version);
        }
        var newer = fleet.rings().get(ring).target().filter(target -> target.rollout() > rollout.get().number());
        if (newer.isPresent()) {
            return refused("overtaken", "ring " + ring + " has gone on to " + newer.get().version());
        }
        if (command.ruling() != FleetCommand.Ruling.APPROVE && command.why().filter(why -> !why.isBlank()).isEmpty()) {
            return Optional.of(FleetCommands.whyMissing());
        }
        var objection = said(fleet, command).objection().filter(Approvals.Objection::refusal);
        return command.ruling() == FleetCommand.Ruling.APPROVE && objection.isPresent()
                ? refused("approval_refused", objection.get().by() + " refused " + version + " for ring " + ring + ": "
                + objection.get().why() + "; cambium approve " + version + " --ring " + ring
                + " --withdraw --why TEXT takes that back first") : Optional.empty();
    }

    private static Answer accepted(Fleet fleet, FleetCommand.Approve command, String by, Instant now) {
        var said = said(fleet, command);
        boolean known = switch (command.ruling()) {
            case APPROVE -> said.given().containsKey(by);
            case WITHDRAW -> said.given().isEmpty() && said.objection().filter(Approvals.Objection::refusal).isEmpty();
            case REFUSE -> said.objection().filter(Approvals.Objection::refusal).isPresent();
        };
        if (known) {
            return new Accepted(List.of());
        }
        return new Accepted(List.of(command.ruling() == FleetCommand.Ruling.APPROVE
                ? new FleetEvent.RingApproved(now, by, command.version(), command.ring(),
                        command.why().filter(why -> !why.isBlank()))
                : new FleetEvent.ApprovalWithdrawn(now, by, command.version(), command.ring(),
                        command.why().orElseThrow(), command.ruling() == FleetCommand.Ruling.REFUSE)));
    }

    private static Approvals.OfRing said(Fleet fleet, FleetCommand.Approve command) {
        return fleet.version(command.version()).orElseThrow().approvals().in(command.ring());
    }

    private static Optional<Answer> refused(String code, String text) {
        return Optional.of(new Refused(code, text));
    }
}
