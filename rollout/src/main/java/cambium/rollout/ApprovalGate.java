package cambium.rollout;

import java.util.Optional;

/// Whether people let a version into a ring whose policy asks for that.
final class ApprovalGate {
    private ApprovalGate() {}

    /// What keeps the ring from opening for the version, if anything.
    static Optional<Wait> beforeOpening(Situation situation, RingNumber ring, ProductVersion version) {
        int approvers = approvers(situation.spec, ring);
        return approvers == 0 ? Optional.empty() : missing(situation, ring, version, approvers);
    }

    /// What keeps a ring that was opened from starting more: only that somebody took the approval back since.
    static Optional<Wait> takenBack(Situation situation, RingNumber ring, ProductVersion version) {
        var objection = situation.version(version).approvals().in(ring).objection();
        return objection.isEmpty() ? Optional.empty() : beforeOpening(situation, ring, version);
    }

    static int approvers(FleetSpec spec, RingNumber ring) {
        return spec.ring(ring).map(declared -> declared.policy().approvers()).orElse(0);
    }

    private static Optional<Wait> missing(Situation situation, RingNumber ring, ProductVersion version,
            int approvers) {
        var said = situation.version(version).approvals().in(ring);
        if (said.granted(approvers)) {
            return Optional.empty();
        }
        var command = "cambium approve " + version + " --ring " + ring;
        var objection = said.objection();
        String text;
        if (objection.filter(Approvals.Objection::refusal).isPresent()) {
            text = version + " was refused for ring " + ring + " by " + objection.get().by() + ": "
                    + objection.get().why() + "; " + command + " --withdraw --why TEXT takes that back";
        } else {
            text = version + " waits for approval for ring " + ring
                    + objection.map(last -> ", which " + last.by() + " withdrew: " + last.why()).orElse("")
                    + (approvers == 1 ? "" : " (" + said.given().size() + " of " + approvers + " people"
                    + (said.given().isEmpty() ? "" : ": " + String.join(", ", said.given().keySet())) + ")")
                    + "; " + command;
        }
        return Optional.of(Wait.of(Wait.Code.APPROVAL, new Scope.OfRing(ring), text));
    }

    /// Calls somebody, once for each time that a ring could open but for this.
    static void page(Draft draft, Situation situation, RingNumber ring, int rollout, ProductVersion version,
            Wait wait) {
        var objection = situation.version(version).approvals().in(ring).objection();
        if (objection.filter(Approvals.Objection::refusal).isEmpty()) {
            draft.page("approval:" + version + ":" + ring + ":" + rollout
                    + objection.map(last -> ":" + last.at()).orElse(""), wait.subject(), wait.text());
        }
    }
}
