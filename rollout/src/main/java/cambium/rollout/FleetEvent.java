package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A recorded fact. The fleet is the fold of these from the start; each names who caused it where a person did (`by`;
/// automation signs as `cambium`).
public sealed interface FleetEvent {
    String AUTOMATION = "cambium";

    Instant at();

    /// @param largeChange why it touched more of the fleet than was allowed without a reason, where it did
    /// @param through the last ring that a file was taken for, where it was not taken whole
    record FleetApplied(Instant at, String by, FleetSpec spec, Optional<String> largeChange,
            Optional<RingNumber> through) implements FleetEvent {
        public FleetApplied(Instant at, String by, FleetSpec spec) {
            this(at, by, spec, Optional.empty(), Optional.empty());
        }

        public FleetApplied {
            largeChange = largeChange.map(why -> Grammar.text("large-change", why));
        }
    }

    /// @param ledger what it does to data, where its makers declared it
    record VersionRegistered(Instant at, String by, ProductVersion version, List<PackageRef> packages,
            Optional<MigrationLedger> ledger) implements FleetEvent {
        public VersionRegistered(Instant at, String by, ProductVersion version, List<PackageRef> packages) {
            this(at, by, version, packages, Optional.empty());
        }

        public VersionRegistered {
            packages = List.copyOf(packages);
        }
    }

    /// Rollouts are numbered from 1 in order of start; a higher number is newer.
    ///
    /// @param kind how it is put on cells; absent: as each ring says
    /// @param hotfix why it bakes for a shorter time, where a person started it as a hotfix
    record RolloutStarted(Instant at, String by, int rollout, ProductVersion version, Optional<StepKind> kind,
            Optional<String> hotfix) implements FleetEvent {
        public RolloutStarted(Instant at, String by, int rollout, ProductVersion version) {
            this(at, by, rollout, version, Optional.empty(), Optional.empty());
        }

        public RolloutStarted {
            hotfix = hotfix.map(why -> Grammar.text("hotfix", why));
        }
    }

    /// The ring takes this version as its target. Committed with an outbox row that makes the ring's channel offer it.
    record RingOpened(Instant at, int rollout, ProductVersion version, RingNumber ring) implements FleetEvent {}

    /// The channel of the ring offers the version's packages.
    record RingAdmitted(Instant at, ProductVersion version, RingNumber ring) implements FleetEvent {}

    /// Committed with an outbox row that asks the cell's driver for the step.
    record AttemptRequested(Instant at, AttemptId attempt, RingNumber ring, ProductVersion version,
            Optional<ProductVersion> previous, Duration timeout, StepKind kind) implements FleetEvent {
        public AttemptRequested(Instant at, AttemptId attempt, RingNumber ring, ProductVersion version,
                Optional<ProductVersion> previous, Duration timeout) {
            this(at, attempt, ring, version, previous, timeout, StepKind.DEFAULT);
        }
    }

    /// The start itself: committed before the driver is asked, after `RolloutPlanner.mayStart` agreed on the same
    /// state.
    record AttemptStarted(Instant at, AttemptId attempt) implements FleetEvent {}

    /// Something forbade the start between request and start. The attempt never ran and never will.
    record AttemptWithheld(Instant at, AttemptId attempt, String why) implements FleetEvent {}

    record AttemptFinished(Instant at, AttemptId attempt, AttemptResult result) implements FleetEvent {}

    /// What a look at the cell showed. Without a newer one, it is still so; `Fleet.isNews` tells which looks to record.
    record CellObserved(Instant at, CellId cell, boolean reachable, Optional<ProductVersion> version)
            implements FleetEvent {}

    /// Evidence names cell, version and the attempt that brought it; for any other attempt it counts nothing.
    ///
    /// @param samples requests seen since the deployment
    record VerdictReached(Instant at, CellId cell, AttemptId attempt, ProductVersion version, Verdict verdict,
            long samples, Evidence evidence) implements FleetEvent {
        public VerdictReached with(Evidence other) {
            return new VerdictReached(at, cell, attempt, version, verdict, samples, other);
        }
    }

    /// The version failed on the cell, for good. Soft failures are visible and undone, but never block.
    record CellFailed(Instant at, CellId cell, RingNumber ring, ProductVersion version, AttemptId attempt, String why,
            boolean soft) implements FleetEvent {}

    record RingConverged(Instant at, int rollout, ProductVersion version, RingNumber ring) implements FleetEvent {}

    /// The ring no longer is converged on its target; its bake begins anew once it is again.
    record RingReopened(Instant at, int rollout, ProductVersion version, RingNumber ring, String why)
            implements FleetEvent {}

    /// Makes the version the last known good of these cells.
    record RingBaked(Instant at, int rollout, ProductVersion version, RingNumber ring, List<CellId> cells)
            implements FleetEvent {
        public RingBaked {
            cells = List.copyOf(cells);
        }
    }

    record PdmAsked(Instant at, String by, ProductVersion version, List<CellId> cells) implements FleetEvent {
        public PdmAsked {
            cells = List.copyOf(cells);
        }
    }

    /// A person lets the rollout of this version that is under way into this ring.
    record RingApproved(Instant at, String by, ProductVersion version, RingNumber ring, Optional<String> why)
            implements FleetEvent {}

    /// A person takes back what was said of the version and the ring until now.
    ///
    /// @param refusal whether it also says no, for whoever would approve next
    record ApprovalWithdrawn(Instant at, String by, ProductVersion version, RingNumber ring, String why,
            boolean refusal) implements FleetEvent {
        public ApprovalWithdrawn {
            why = Grammar.text("why", why);
        }
    }

    record VersionGraduated(Instant at, String by, ProductVersion version) implements FleetEvent {}

    /// Ends the version's rollouts. It never starts again anywhere until `VersionReleased`.
    record VersionBlocked(Instant at, String by, ProductVersion version, String why, boolean withDowntime,
            Ground ground) implements FleetEvent {
        public VersionBlocked(Instant at, String by, ProductVersion version, String why, boolean withDowntime) {
            this(at, by, version, why, withDowntime, Ground.DEFAULT);
        }
    }

    /// Lifts the block and forgets the failures behind it; a new rollout may then carry the version.
    record VersionReleased(Instant at, String by, ProductVersion version, String why) implements FleetEvent {}

    record RolloutCompleted(Instant at, int rollout, ProductVersion version) implements FleetEvent {}

    record RolloutSuperseded(Instant at, int rollout, ProductVersion version, int newer) implements FleetEvent {}

    record BrakeSet(Instant at, String by, Scope scope, String why, Optional<Instant> until, boolean cancels)
            implements FleetEvent {}

    record BrakeReleased(Instant at, String by, Scope scope, String why) implements FleetEvent {}

    /// No other version goes forward in this ring or on this cell.
    record PinSet(Instant at, String by, Scope scope, ProductVersion version, String why, Optional<Instant> until)
            implements FleetEvent {}

    record PinReleased(Instant at, String by, Scope scope, String why) implements FleetEvent {}

    /// A person takes cells back from a version; it is held off these cells until `RetryAsked` or a newer version.
    record RollbackAsked(Instant at, String by, ProductVersion version, List<CellId> cells, String why,
            boolean withDowntime) implements FleetEvent {
        public RollbackAsked {
            cells = List.copyOf(cells);
        }
    }

    /// A person lets a version be tried again on a cell: lifts a hold, forgets its failure and spent tries there.
    ///
    /// @param kind where present, it is put there anew in this way even though the cell runs it
    record RetryAsked(Instant at, String by, ProductVersion version, CellId cell, Optional<StepKind> kind)
            implements FleetEvent {
        public RetryAsked(Instant at, String by, ProductVersion version, CellId cell) {
            this(at, by, version, cell, Optional.empty());
        }
    }

    /// Whether the cell takes part in its ring from now on. Signed by automation where the policy quarantined it.
    record CellDutyChanged(Instant at, String by, CellId cell, Duty duty, String why) implements FleetEvent {
        public CellDutyChanged {
            why = Grammar.text("why", why);
        }
    }

    /// Somebody must look. Raised once for each `key`.
    record PageRaised(Instant at, String key, Scope subject, String text) implements FleetEvent {}

    /// A drill of the brake ended: see {@link BrakeDrill}.
    record BrakeDrilled(Instant at, Duration took, Optional<String> failure) implements FleetEvent {
        public BrakeDrilled {
            failure = failure.map(why -> Grammar.text("failure", why));
        }
    }

    /// The log was found not to be what was written; from now on nothing goes forward.
    record LogDoubted(Instant at, LogFlaw flaw) implements FleetEvent {}

    /// A person knows of it: what stands there now counts.
    record LogAccepted(Instant at, String by, LogFlaw flaw, String why) implements FleetEvent {
        public LogAccepted {
            why = Grammar.text("why", why);
        }
    }

    /// The log was gone through up to the event of this number, and it all was as written, or accepted.
    record LogTrusted(Instant at, long number) implements FleetEvent {}

    /// Somebody who is known was denied what they asked for. It changes nothing but the log.
    ///
    /// @param at when it was tried last
    /// @param target what it was asked of, where it names something
    /// @param missing what it takes and they have not; empty where `act` stands for several
    /// @param times how often, since it was told last
    record TryDenied(Instant at, String by, String act, Optional<String> target, List<String> missing, int times)
            implements FleetEvent {
        public TryDenied {
            missing = List.copyOf(missing);
        }
    }

    /// Somebody had events told elsewhere from now on. It changes nothing but the log.
    ///
    /// @param webhook its number
    /// @param target where, without what may be a secret or a person's name
    /// @param kinds of events; none for all
    record WebhookMade(Instant at, String by, long webhook, String target, List<String> kinds) implements FleetEvent {
        public WebhookMade {
            kinds = List.copyOf(kinds);
        }
    }

    /// Somebody had events no longer told there.
    record WebhookEnded(Instant at, String by, long webhook, String target) implements FleetEvent {}
}
