package cambium.server.pages;

import cambium.rollout.ApprovalStatus;
import cambium.rollout.ProductVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What people said of one version and one ring, and what is missing.
///
/// @param words of what is missing, or what came of it; may be empty
public record ApprovalRow(String version, int ring, Parts.Badge state, String words, List<Said> said,
        Optional<Parts.Act> act) {
    public record Said(String what, String by, Optional<String> why, Parts.Moment at) {}

    public ApprovalRow {
        said = List.copyOf(said);
    }

    static List<ApprovalRow> all(List<ApprovalStatus> approvals, Instant now, Offers offers) {
        return approvals.stream().map(status -> of(status, now, offers)).toList();
    }

    static List<ApprovalRow> of(List<ApprovalStatus> approvals, ProductVersion version, Instant now,
            Offers offers) {
        return all(approvals.stream().filter(status -> status.version().equals(version)).toList(), now, offers);
    }

    private static ApprovalRow of(ApprovalStatus status, Instant now, Offers offers) {
        var said = new ArrayList<Said>();
        status.given().forEach(given -> said.add(new Said("approved", given.by(), given.why(),
                Parts.Moment.of(given.at(), now))));
        status.objection().ifPresent(objection -> said.add(new Said(objection.refusal() ? "refused" : "withdrawn",
                objection.by(), Optional.of(objection.why()), Parts.Moment.of(objection.at(), now))));
        return new ApprovalRow(status.version().toString(), status.ring().value(), badge(status.state()),
                words(status), said, offers.button(Act.APPROVE, "Approve or refuse", "version",
                status.version().toString(), "ring", status.ring().toString()));
    }

    /// With the symbol of a state of the same tone, but words of its own: an approved version is not a healthy one.
    private static Parts.Badge badge(ApprovalStatus.State state) {
        var like = switch (state) {
            case WAITING -> "waiting";
            case APPROVED -> "healthy";
            case REFUSED -> "failed";
        };
        return new Parts.Badge(state.name().toLowerCase(Locale.ROOT), Words.glyph(like), Words.tone(like));
    }

    private static String words(ApprovalStatus status) {
        return switch (status.state()) {
            case APPROVED -> status.opened() ? "the ring has opened" : "";
            case REFUSED -> "";
            case WAITING -> "approved by " + status.given().size() + " of " + Words.count(status.approvers(), "person")
                    .replace("persons", "people") + (status.due() ? "; the ring would open now" : "");
        };
    }
}
