package cambium.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a person may ask of a fleet. `FleetCommands.decide` answers with events or with a refusal.
public sealed interface FleetCommand {
    /// Declare the fleet.
    ///
    /// @param largeChange why it may touch more of the fleet, or sooner, than the fleet allows without a reason
    /// @param through the last ring that the spec is taken for; absent: all of it
    record Apply(FleetSpec spec, Optional<String> largeChange, Optional<RingNumber> through) implements FleetCommand {
        public Apply(FleetSpec spec) {
            this(spec, Optional.empty());
        }

        public Apply(FleetSpec spec, Optional<String> largeChange) {
            this(spec, largeChange, Optional.empty());
        }
    }

    /// Start a version, or let it be tried again on a cell.
    ///
    /// @param packages what the repository holds for the version; may be empty if the version is known
    /// @param ring where it is wanted now; refused unless the rings inside have proved it; lifts holds of it there
    /// @param cell lift holds and failures of the version there
    /// @param full the whole installation converges; on a named cell also where it runs the version
    /// @param ledger what the version does to data, if declared; may be empty if the version is known
    /// @param hotfix why it shall bake for as short as the rings allow a hotfix; still from ring 0, through every ring
    record Deploy(ProductVersion version, List<PackageRef> packages, Optional<RingNumber> ring, Optional<CellId> cell,
            boolean full, Optional<MigrationLedger> ledger, Optional<String> hotfix) implements FleetCommand {
        public Deploy(ProductVersion version, List<PackageRef> packages, Optional<RingNumber> ring,
                Optional<CellId> cell) {
            this(version, packages, ring, cell, false);
        }

        public Deploy(ProductVersion version, List<PackageRef> packages, Optional<RingNumber> ring,
                Optional<CellId> cell, boolean full) {
            this(version, packages, ring, cell, full, Optional.empty(), Optional.empty());
        }

        public Deploy {
            packages = List.copyOf(packages);
        }
    }

    /// Run PDM of a version on one cell, or on all cells that wait for a person.
    record RunPdm(ProductVersion version, Optional<CellId> cell) implements FleetCommand {}

    record Graduate(ProductVersion version) implements FleetCommand {}

    /// Let the version's rollout into a ring that asks for approval, say no to it, or take back what was said.
    record Approve(ProductVersion version, RingNumber ring, Ruling ruling, Optional<String> why)
            implements FleetCommand {}

    enum Ruling { APPROVE, WITHDRAW, REFUSE }

    /// A version goes forward nowhere any more, in all rings at once, until it is released by name. Cells that have
    /// baked it keep it.
    record Veto(ProductVersion version, String why) implements FleetCommand {}

    /// Lift the block or the veto of a version.
    record Unblock(ProductVersion version, String why) implements FleetCommand {}

    /// @param cancels end what runs forward there, too
    record SetBrake(Scope scope, String why, Optional<Instant> until, boolean cancels) implements FleetCommand {
        public SetBrake(Scope scope, String why, Optional<Instant> until) {
            this(scope, why, until, false);
        }
    }

    record ReleaseBrake(Scope scope, String why) implements FleetCommand {}

    /// Keep a ring or a cell on one version.
    record SetPin(Scope scope, ProductVersion version, String why, Optional<Instant> until) implements FleetCommand {}

    record ReleasePin(Scope scope, String why) implements FleetCommand {}

    /// Take a cell or the cells of a ring back from what they run, or block a version and take every cell back from it.
    record RollBack(Scope scope, String why, boolean withDowntime) implements FleetCommand {}

    /// Let a cell stand aside from its ring, or take its place in it again.
    ///
    /// @param abandon what runs on the cell is given up at once; only for a cell that leaves
    record SetDuty(CellId cell, Duty duty, String why, boolean abandon) implements FleetCommand {}

    /// Let count what stands in an event of the log that was changed.
    record AcceptLog(long number, String why) implements FleetCommand {}

    /// The answer.
    sealed interface Answer {
        /// What to record; empty when the fleet is already as asked.
        record Accepted(List<FleetEvent> events) implements Answer {
            public Accepted {
                events = List.copyOf(events);
            }
        }

        /// @param code stable: `unknown_cell`, `unknown_ring`, `unknown_version`, `no_fleet`, `blocked`, `not_blocked`,
        ///     `braked`, `no_brake`, `not_graduated`, `pdm_missing`, `ring_order`, `not_baked`, `migration_crossed`,
        ///     `migration_irreversible`,
        ///     `version_differs`, `nothing_to_go_back_to`, `cell_busy`, `why_missing`, `until_past`, `bad_scope`,
        ///     `last_cell`, `main_cell`, `no_approval_needed`, `approval_refused`, `not_under_way`, `overtaken`,
        ///     `no_hotfix_lane`, `under_way`, `large_change`, `ring_by_ring`, `change_rests`,
        ///     `change_braked`, `pinned`, `no_pin`, `log_sound`
        record Refused(String code, String text) implements Answer {}
    }
}
