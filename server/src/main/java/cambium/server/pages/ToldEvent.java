package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetEvent.*;
import cambium.rollout.RingNumber;
import cambium.rollout.Scope;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// An event in the words of the pages, for those who are told of it elsewhere.
///
/// @param who nobody where automation acted
/// @param about what to look at
/// @param page where: a path on this server
public record ToldEvent(String what, Optional<String> who, Optional<String> why, Scope about, String page) {
    public static ToldEvent of(FleetEvent event) {
        Scope about = about(event);
        return new ToldEvent(EventWords.what(event), EventWords.who(event), EventWords.why(event), about,
                page(event, about));
    }

    /// The narrowest thing with a page of its own: a cell, a version, a ring, or all.
    private static Scope about(FleetEvent event) {
        var cells = Concern.cells(event);
        if (cells.size() == 1) {
            return new Scope.OfCell(cells.getFirst());
        }
        return ring(event).<Scope>map(Scope.OfRing::new)
                .or(() -> Concern.version(event, Map.of()).map(Scope.OfVersion::new))
                .orElseGet(Scope.FleetWide::new);
    }

    private static Optional<RingNumber> ring(FleetEvent event) {
        return switch (event) {
            case RingOpened opened -> Optional.of(opened.ring());
            case RingAdmitted admitted -> Optional.of(admitted.ring());
            case RingConverged converged -> Optional.of(converged.ring());
            case RingReopened reopened -> Optional.of(reopened.ring());
            case RingBaked baked -> Optional.of(baked.ring());
            case RingApproved approved -> Optional.of(approved.ring());
            case ApprovalWithdrawn withdrawn -> Optional.of(withdrawn.ring());
            case BrakeSet set -> ring(set.scope());
            case BrakeReleased released -> ring(released.scope());
            case PinSet set -> ring(set.scope());
            case PinReleased released -> ring(released.scope());
            case PageRaised page -> ring(page.subject());
            default -> Optional.empty();
        };
    }

    private static Optional<RingNumber> ring(Scope scope) {
        return scope instanceof Scope.OfRing(RingNumber ring) ? Optional.of(ring) : Optional.empty();
    }

    private static String page(FleetEvent event, Scope about) {
        if (event instanceof BrakeSet || event instanceof BrakeReleased || event instanceof BrakeDrilled) {
            return "/brakes";
        }
        return Concern.attempt(event).map(AttemptId::toString).map(id -> "/attempts/" + encoded(id))
                .orElseGet(() -> switch (about) {
                    case Scope.OfCell(var cell) -> "/cells/" + encoded(cell.toString());
                    case Scope.OfVersion(var version) -> "/versions/" + encoded(version.toString());
                    case Scope.OfRing(var ring) -> "/#ring-" + ring;
                    case Scope.FleetWide() -> "/";
                });
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
