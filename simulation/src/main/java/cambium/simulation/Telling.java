package cambium.simulation;

import cambium.rollout.FleetEvent;

/// Events in a line.
final class Telling {
    private Telling() {}

    static String of(FleetEvent event) {
        return switch (event) {
            case FleetEvent.FleetApplied(var _, var by, var spec, var _, var _) ->
                    by + " applies a fleet: " + spec.rings().stream()
                    .map(ring -> "ring " + ring.ring() + " " + ring.cells().stream().map(cell -> cell.cell().value())
                            .toList())
                    .toList() + ", perimeter " + spec.perimeter();
            case FleetEvent.VersionRegistered registered -> registered.by() + " registers " + registered.version();
            case FleetEvent.RolloutStarted started -> started.by() + " starts rollout " + started.rollout() + " of "
                    + started.version() + started.hotfix().map(_ -> " as a hotfix").orElse("");
            case FleetEvent.RingOpened opened -> "ring " + opened.ring() + " opens for " + opened.version();
            case FleetEvent.RingAdmitted admitted -> "ring " + admitted.ring() + " offers " + admitted.version();
            case FleetEvent.AttemptRequested requested -> requested.attempt() + " is asked for (" + requested.version()
                    + ")";
            case FleetEvent.AttemptStarted started -> started.attempt() + " starts";
            case FleetEvent.AttemptWithheld withheld -> withheld.attempt() + " is withheld: " + withheld.why();
            case FleetEvent.AttemptFinished finished -> finished.attempt() + " ends: " + finished.result();
            case FleetEvent.CellObserved(var _, var cell, var reachable, var version) -> cell + " is seen "
                    + (reachable ? "with " + version.map(Object::toString).orElse("nothing") : "unreachable");
            case FleetEvent.VerdictReached reached -> reached.cell() + " is judged " + reached.verdict().word()
                    + " with "
                    + reached.version() + " (" + reached.samples() + " requests)";
            case FleetEvent.CellFailed failed -> failed.version() + " failed on " + failed.cell()
                    + (failed.soft() ? " softly: " : ": ")
                    + failed.why();
            case FleetEvent.RingConverged converged -> "ring " + converged.ring() + " has converged on "
                    + converged.version();
            case FleetEvent.RingReopened reopened -> "ring " + reopened.ring() + " is open again: " + reopened.why();
            case FleetEvent.RingBaked baked -> "ring " + baked.ring() + " has baked " + baked.version() + " on "
                    + baked.cells();
            case FleetEvent.PdmAsked asked -> asked.by() + " asks for PDM of " + asked.version() + " on "
                    + asked.cells();
            case FleetEvent.RingApproved approved -> approved.by() + " approves " + approved.version() + " for ring "
                    + approved.ring();
            case FleetEvent.ApprovalWithdrawn said -> said.by() + (said.refusal() ? " refuses " : " withdraws ")
                    + said.version() + " for ring " + said.ring();
            case FleetEvent.VersionGraduated graduated -> graduated.by() + " graduates " + graduated.version();
            case FleetEvent.VersionBlocked blocked -> blocked.by() + " blocks " + blocked.version() + ": "
                    + blocked.why();
            case FleetEvent.VersionReleased released -> released.by() + " releases " + released.version();
            case FleetEvent.RolloutCompleted completed -> "rollout " + completed.rollout() + " of "
                    + completed.version() + " is complete";
            case FleetEvent.RolloutSuperseded superseded -> "rollout " + superseded.rollout() + " of "
                    + superseded.version()
                    + " is superseded by " + superseded.newer();
            case FleetEvent.BrakeSet set -> set.by() + " pulls the brake on " + set.scope() + ": " + set.why();
            case FleetEvent.PinSet set -> set.by() + " pins " + set.scope() + " to " + set.version();
            case FleetEvent.PinReleased released -> released.by() + " releases the pin of " + released.scope();
            case FleetEvent.BrakeReleased released -> released.by() + " releases the brake on " + released.scope();
            case FleetEvent.RollbackAsked asked -> asked.by() + " takes " + asked.cells() + " back from "
                    + asked.version()
                    + (asked.withDowntime() ? " with downtime" : "");
            case FleetEvent.RetryAsked asked -> asked.by() + " lets " + asked.cell() + " try " + asked.version()
                    + " again";
            case FleetEvent.CellDutyChanged changed -> changed.by() + " sets " + changed.cell() + " "
                    + changed.duty().word() + ": " + changed.why();
            case FleetEvent.BrakeDrilled drilled -> "the brake was drilled: " + drilled.failure().orElse("it held");
            case FleetEvent.LogDoubted doubted -> "the log is doubted: " + doubted.flaw().told();
            case FleetEvent.LogAccepted known -> known.by() + " accepts event " + known.flaw().number() + " of the log";
            case FleetEvent.LogTrusted trusted -> "the log is believed up to event " + trusted.number();
            case FleetEvent.WebhookMade made -> made.by() + " has events told " + made.target();
            case FleetEvent.WebhookEnded ended -> ended.by() + " has events no longer told " + ended.target();
            case FleetEvent.TryDenied denied -> denied.by() + " is denied: " + denied.act();
            case FleetEvent.PageRaised raised -> "somebody is called about " + raised.subject() + ": " + raised.text();
        };
    }
}
