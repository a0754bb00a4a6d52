package cambium.server.pages;

import cambium.rollout.AttemptResult;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetEvent.*;
import java.util.Optional;

/// Says events in sentences: what happened, who did it, why, and how it is felt.
final class EventWords {
    private EventWords() {}

    static String what(FleetEvent event) {
        return switch (event) {
            case FleetApplied applied -> "Fleet declared with " + Words.count(applied.spec().rings().size(), "ring")
                    + applied.through().map(ring -> ", from a file through ring " + ring).orElse("")
                    + applied.largeChange().map(why -> ", with a reason: " + why).orElse("");
            case VersionRegistered registered -> "Version " + registered.version() + " registered with "
                    + Words.count(registered.packages().size(), "package");
            case RolloutStarted started -> "Rollout " + started.rollout() + " of " + started.version() + " started"
                    + started.hotfix().map(why -> " as a hotfix: " + why).orElse("");
            case RingOpened opened -> "Ring " + opened.ring() + " opened for " + opened.version();
            case RingAdmitted admitted -> "Channel of ring " + admitted.ring() + " offers " + admitted.version();
            case AttemptRequested requested -> step(requested) + " requested";
            case AttemptStarted started -> step(started) + " started";
            case AttemptWithheld withheld -> step(withheld) + " withheld, it never ran";
            case AttemptFinished finished -> step(finished) + " " + result(finished.result());
            case CellObserved seen -> seen.cell()
                    + seen.version().map(version -> (seen.reachable() ? " seen running "
                    : " not reached; last seen on ") + version)
                    .orElse(seen.reachable() ? " seen, without a version" : " not reached");
            case VerdictReached reached -> reached.cell() + " judged " + Words.state(reached.verdict().word());
            case CellFailed failed -> failed.version() + (failed.soft() ? " failed softly on " : " failed on ")
                    + failed.cell();
            case RingConverged converged -> "Ring " + converged.ring() + " converged on " + converged.version();
            case RingReopened reopened -> "Ring " + reopened.ring() + " no longer converged on " + reopened.version();
            case RingBaked baked -> "Ring " + baked.ring() + " baked " + baked.version();
            case PdmAsked asked -> "PDM of " + asked.version() + " asked for on "
                    + Words.count(asked.cells().size(), "cell");
            case RingApproved approved -> approved.version() + " approved for ring " + approved.ring();
            case ApprovalWithdrawn said -> said.version() + (said.refusal() ? " refused for ring "
                    : " no longer approved for ring ") + said.ring();
            case VersionGraduated graduated -> graduated.version() + " graduated";
            case VersionBlocked blocked -> blocked.version() + " " + blocked.ground().word()
                    + (blocked.withDowntime() ? ", going back with downtime" : "");
            case VersionReleased released -> released.version() + " released from its block";
            case RolloutCompleted completed -> "Rollout " + completed.rollout() + " of " + completed.version()
                    + " complete";
            case RolloutSuperseded superseded -> "Rollout " + superseded.rollout() + " of " + superseded.version()
                    + " superseded by rollout " + superseded.newer();
            case BrakeSet set -> "Brake set on " + set.scope();
            case BrakeReleased released -> "Brake on " + released.scope() + " released";
            case PinSet set -> set.scope() + " pinned to " + set.version();
            case PinReleased released -> "Pin of " + released.scope() + " released";
            case RollbackAsked asked -> "Rollback from " + asked.version() + " asked for on "
                    + Words.count(asked.cells().size(), "cell") + (asked.withDowntime() ? ", with downtime" : "");
            case RetryAsked asked -> "Another try of " + asked.version() + " asked for on " + asked.cell();
            case CellDutyChanged changed -> changed.cell() + " is " + changed.duty().word() + " now";
            case PageRaised page -> "Paged about " + page.subject();
            case BrakeDrilled drilled -> drilled.failure().isPresent() ? "Drill of the brake failed"
                    : "Drill of the brake passed: it held after " + drilled.took().toMillis() + " ms";
            case LogDoubted doubted -> "Event " + doubted.flaw().number() + " of the log is not what was written";
            case LogAccepted known -> "Event " + known.flaw().number() + " of the log counts as it stands now";
            case LogTrusted trusted -> "The log was gone through and is believed, up to event " + trusted.number();
            case WebhookMade made -> "Events are told " + made.target() + " from now on (webhook " + made.webhook()
                    + (made.kinds().isEmpty() ? "" : ": " + String.join(", ", made.kinds())) + ")";
            case WebhookEnded ended -> "Events are no longer told " + ended.target() + " (webhook " + ended.webhook()
                    + ")";
            case TryDenied denied -> "Denied: " + denied.act() + denied.target().map(of -> " (" + of + ")").orElse("")
                    + (denied.times() > 1 ? ", " + denied.times() + " times" : "");
        };
    }

    private static String step(FleetEvent event) {
        return Concern.attempt(event)
                .map(attempt -> switch (attempt.step()) {
                    case DEPLOY -> "Deployment on ";
                    case QA -> "QA on ";
                    case PDM -> "PDM on ";
                    case ROLLBACK -> "Rollback on ";
                } + attempt.cell() + (attempt.tryNumber() > 1 ? " (try " + attempt.tryNumber() + ")" : ""))
                .orElseThrow(() -> new IllegalStateException("an event of an attempt names it"));
    }

    static String result(AttemptResult result) {
        return switch (result) {
            case AttemptResult.Succeeded() -> "succeeded";
            case AttemptResult.Failed _ -> "failed";
            case AttemptResult.TimedOut() -> "timed out";
            case AttemptResult.Cancelled _ -> "cancelled by a brake";
            case AttemptResult.Lost _ -> "lost: nobody can tell how it ended";
        };
    }

    /// The person, or empty where automation acted or a fact was just seen.
    static Optional<String> who(FleetEvent event) {
        String by = switch (event) {
            case FleetApplied applied -> applied.by();
            case VersionRegistered registered -> registered.by();
            case RolloutStarted started -> started.by();
            case PdmAsked asked -> asked.by();
            case RingApproved approved -> approved.by();
            case ApprovalWithdrawn withdrawn -> withdrawn.by();
            case VersionGraduated graduated -> graduated.by();
            case VersionBlocked blocked -> blocked.by();
            case VersionReleased released -> released.by();
            case BrakeSet set -> set.by();
            case BrakeReleased released -> released.by();
            case PinSet set -> set.by();
            case PinReleased released -> released.by();
            case RollbackAsked asked -> asked.by();
            case RetryAsked asked -> asked.by();
            case CellDutyChanged changed -> changed.by();
            case TryDenied denied -> denied.by();
            case LogAccepted known -> known.by();
            case WebhookMade made -> made.by();
            case WebhookEnded ended -> ended.by();
            case RingOpened _, RingAdmitted _, AttemptRequested _, AttemptStarted _, AttemptWithheld _,
                    AttemptFinished _, CellObserved _, VerdictReached _, CellFailed _, RingConverged _, RingReopened _,
                    RingBaked _, RolloutCompleted _, RolloutSuperseded _, PageRaised _,
                    BrakeDrilled _, LogDoubted _, LogTrusted _ -> FleetEvent.AUTOMATION;
        };
        return by.equals(FleetEvent.AUTOMATION) ? Optional.empty() : Optional.of(by);
    }

    static Optional<String> why(FleetEvent event) {
        return switch (event) {
            case AttemptWithheld withheld -> Optional.of(withheld.why());
            case AttemptFinished finished -> reason(finished.result());
            case VerdictReached reached -> Optional.of(reached.evidence().text());
            case CellFailed failed -> Optional.of(failed.why());
            case RingReopened reopened -> Optional.of(reopened.why());
            case RingApproved approved -> approved.why();
            case ApprovalWithdrawn withdrawn -> Optional.of(withdrawn.why());
            case VersionBlocked blocked -> Optional.of(blocked.why());
            case VersionReleased released -> Optional.of(released.why());
            case BrakeSet set -> Optional.of(set.why());
            case BrakeReleased released -> Optional.of(released.why());
            case PinSet set -> Optional.of(set.why());
            case PinReleased released -> Optional.of(released.why());
            case RollbackAsked asked -> Optional.of(asked.why());
            case CellDutyChanged changed -> Optional.of(changed.why());
            case PageRaised page -> Optional.of(page.text());
            case BrakeDrilled drilled -> drilled.failure();
            case LogDoubted doubted -> Optional.of(doubted.flaw().told());
            case LogAccepted known -> Optional.of(known.why());
            case TryDenied denied -> Optional.of("lacks " + String.join(" and ", denied.missing()))
                    .filter(_ -> !denied.missing().isEmpty());
            case FleetApplied _, VersionRegistered _, RolloutStarted _, RingOpened _, RingAdmitted _,
                    AttemptRequested _, AttemptStarted _, CellObserved _, RingConverged _, RingBaked _, PdmAsked _,
                    VersionGraduated _, RolloutCompleted _, RolloutSuperseded _, RetryAsked _, WebhookMade _,
                    WebhookEnded _, LogTrusted _ -> Optional.empty();
        };
    }

    static Optional<String> reason(AttemptResult result) {
        return switch (result) {
            case AttemptResult.Failed(String reason) -> Optional.of(reason);
            case AttemptResult.Cancelled(String reason) -> Optional.of(reason);
            case AttemptResult.Lost(String reason) -> Optional.of(reason);
            case AttemptResult.Succeeded(), AttemptResult.TimedOut() -> Optional.empty();
        };
    }

    /// The state word whose glyph and tone stand beside the event.
    static String look(FleetEvent event) {
        return switch (event) {
            case AttemptFinished finished -> switch (finished.result()) {
                case AttemptResult.Succeeded() -> "succeeded";
                case AttemptResult.Failed _ -> "failed";
                case AttemptResult.TimedOut() -> "timed-out";
                case AttemptResult.Cancelled _ -> "waiting";
                case AttemptResult.Lost _ -> "unknown";
            };
            case VerdictReached reached -> reached.verdict().word();
            case CellObserved seen -> seen.reachable() ? "new" : "unreachable";
            case BrakeDrilled drilled -> drilled.failure().isPresent() ? "failed" : "healthy";
            case CellFailed _, VersionBlocked _, PageRaised _, LogDoubted _ -> "failed";
            case RingConverged _, RingBaked _, RingApproved _, VersionGraduated _, RolloutCompleted _,
                    LogTrusted _ -> "healthy";
            case AttemptStarted _, RolloutStarted _, RingOpened _ -> "deploying";
            case AttemptWithheld _, BrakeSet _, PinSet _, RingReopened _, ApprovalWithdrawn _, CellDutyChanged _,
                    TryDenied _ -> "waiting";
            case RollbackAsked _ -> "rolling-back";
            case PdmAsked _ -> "pdm";
            case FleetApplied _, VersionRegistered _, RingAdmitted _, AttemptRequested _, VersionReleased _,
                    RolloutSuperseded _, BrakeReleased _, PinReleased _, RetryAsked _, WebhookMade _,
                    WebhookEnded _, LogAccepted _ -> "new";
        };
    }
}
