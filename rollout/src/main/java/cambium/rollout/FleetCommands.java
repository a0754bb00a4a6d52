package cambium.rollout;

import cambium.rollout.FleetCommand.Answer;
import cambium.rollout.FleetCommand.Answer.Accepted;
import cambium.rollout.FleetCommand.Answer.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Turns what a person asks into events, or into the reason why not. Pure, like the planner.
public final class FleetCommands {
    private FleetCommands() {}

    public static Answer decide(Fleet fleet, FleetCommand command, String by, Instant now) {
        if (fleet.spec().isEmpty() && !(command instanceof FleetCommand.Apply
                || command instanceof FleetCommand.AcceptLog)) {
            return new Refused("no_fleet", "no fleet has been declared yet");
        }
        return switch (command) {
            case FleetCommand.Apply apply -> apply(fleet, apply, by, now);
            case FleetCommand.Deploy deploy -> DeployCommand.decide(fleet, deploy, by, now);
            case FleetCommand.RunPdm(var version, var cell) -> pdm(fleet, version, cell, by, now);
            case FleetCommand.Graduate(var version) -> graduate(fleet, version, by, now);
            case FleetCommand.Approve approve -> ApproveCommand.decide(fleet, approve, by, now);
            case FleetCommand.Veto(var version, var why) -> veto(fleet, version, why, by, now);
            case FleetCommand.Unblock(var version, var why) -> release(fleet, version, why, by, now);
            case FleetCommand.SetBrake brake -> setBrake(fleet, brake, by, now);
            case FleetCommand.ReleaseBrake(var scope, var why) -> releaseBrake(fleet, scope, why, by, now);
            case FleetCommand.SetPin pin -> PinCommand.pin(fleet, pin, by, now);
            case FleetCommand.ReleasePin(var scope, var why) -> PinCommand.release(fleet, scope, why, by, now);
            case FleetCommand.SetDuty duty -> DutyCommand.decide(fleet, duty, by, now);
            case FleetCommand.AcceptLog(var number, var why) -> acceptLog(fleet, number, why, by, now);
            case FleetCommand.RollBack rollBack -> RollBackCommand.decide(fleet, rollBack, by, now);
        };
    }

    private static Answer apply(Fleet fleet, FleetCommand.Apply asked, String by, Instant now) {
        if (asked.through().isEmpty()) {
            return apply(fleet, asked.spec(), asked, by, now);
        }
        if (fleet.spec().isEmpty()) {
            return new Refused("no_fleet", "no fleet has been declared yet; the first file is taken whole");
        }
        return switch (Staging.take(fleet.spec().get(), asked.spec(), asked.through().get())) {
            case Staging.Taken(var spec, var _) -> apply(fleet, spec, asked, by, now);
            case Staging.Refused(var code, var text) -> new Refused(code, text);
        };
    }

    private static Answer apply(Fleet fleet, FleetSpec spec, FleetCommand.Apply asked, String by, Instant now) {
        var large = asked.largeChange();
        if (fleet.spec().filter(spec::equals).isPresent()) {
            return new Accepted(List.of());
        }
        if (large.filter(String::isBlank).isPresent()) {
            return whyMissing();
        }
        var order = fleet.spec().flatMap(_ -> RingByRing.refusal(fleet, spec, now));
        if (large.isEmpty() && order.isPresent()) {
            return order.get();
        }
        var share = fleet.spec().map(before -> ChangeShare.between(before, spec));
        if (large.isEmpty() && share.filter(ChangeShare::large).isPresent()) {
            return new Refused("large_change", "the change touches " + share.get().told() + "; more than "
                    + share.get().limit().percent() + " % needs a reason");
        }
        var kept = spec.rings().stream().flatMap(ring -> ring.cells().stream()).map(CellSpec::cell)
                .collect(Collectors.toSet());
        for (var cell : fleet.cells().values()) {
            if (cell.current().isPresent() && !kept.contains(cell.id())) {
                return new Refused("cell_busy", "cell " + cell.id() + " cannot leave while " + cell.current().get().id()
                        + " is under way: cambium cell leave " + cell.id()
                        + " starts nothing more on it, with --abandon it gives up what runs");
            }
        }
        return new Accepted(List.of(new FleetEvent.FleetApplied(now, by, spec,
                large.filter(_ -> order.isPresent() || share.filter(ChangeShare::large).isPresent()),
                asked.through().filter(_ -> !spec.equals(asked.spec())))));
    }

    private static Answer pdm(Fleet fleet, ProductVersion version, Optional<CellId> only, String by, Instant now) {
        var refusal = unknownOrBlocked(fleet, version)
                .or(() -> only.flatMap(cell -> unknown(fleet, new Scope.OfCell(cell))))
                .or(() -> braked(fleet, version, Optional.empty(), only));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var asked = new ArrayList<CellId>();
        boolean done = false;
        for (var cell : fleet.cells().values()) {
            boolean succeeded = cell.pdm().filter(run -> run.version().equals(version)
                    && run.outcome() == Cell.PdmRun.Outcome.SUCCEEDED).isPresent();
            boolean wanted = only.isEmpty() || only.get().equals(cell.id());
            done |= wanted && succeeded;
            if (wanted && !succeeded && cell.provedGood(version) && cell.runs(version)) {
                asked.add(cell.id());
            }
        }
        if (asked.isEmpty()) {
            return done ? new Accepted(List.of()) : new Refused("not_baked", only.map(cell -> "cell " + cell + " has")
                    .orElse("no cell has")
                    + (only.isPresent() ? " not" : "") + " baked " + version + ", so its PDM may not run yet");
        }
        return new Accepted(List.of(new FleetEvent.PdmAsked(now, by, version, asked)));
    }

    private static Answer graduate(Fleet fleet, ProductVersion version, String by, Instant now) {
        var refusal = unknownOrBlocked(fleet, version);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var known = fleet.version(version).orElseThrow();
        if (known.graduatedAt().isPresent()) {
            return new Accepted(List.of());
        }
        var situation = new Situation(fleet, fleet.spec().orElseThrow(), now);
        return Migrating.mayGraduate(situation, known)
                ? new Accepted(List.of(new FleetEvent.VersionGraduated(now, by, version)))
                : new Refused("pdm_missing", VersionWaits.graduation(situation, new Scope.OfVersion(version), version)
                .text());
    }

    /// What a person has stopped already is left as it is: a veto asks for less.
    private static Answer veto(Fleet fleet, ProductVersion version, String why, String by, Instant now) {
        if (why.isBlank()) {
            return whyMissing();
        }
        var known = fleet.version(version);
        if (known.isEmpty()) {
            return new Refused("unknown_version", "version " + version + " was never deployed, so it starts nowhere and"
                    + " there is nothing to veto. To keep anybody from deploying it, put its package in quarantine:"
                    + " cambium package quarantine U/R D/V FILE --why TEXT. Or is the name wrong? cambium status lists"
                    + " the versions");
        }
        var blocked = known.get().blocked();
        if (blocked.filter(block -> block.ground() == Ground.VETOED).isPresent()) {
            return new Accepted(List.of());
        }
        return blocked.filter(VersionRecord.Blocked::takesBack).isPresent() ? unknownOrBlocked(fleet, version)
                .orElseThrow() : new Accepted(List.of(new FleetEvent.VersionBlocked(now, by, version, why, false,
                        Ground.VETOED)));
    }

    /// The rollout that the block ended starts anew, unless a newer one has started since.
    private static Answer release(Fleet fleet, ProductVersion version, String why, String by, Instant now) {
        if (why.isBlank()) {
            return whyMissing();
        }
        var known = fleet.version(version);
        if (known.isEmpty()) {
            return unknownVersion(version);
        }
        if (known.get().blocked().isEmpty()) {
            return new Refused("not_blocked", version + " is not blocked");
        }
        var events = new ArrayList<FleetEvent>();
        events.add(new FleetEvent.VersionReleased(now, by, version, why));
        if (fleet.rolloutOf(version).filter(rollout -> rollout.number() == fleet.lastRollout()).isPresent()) {
            events.add(new FleetEvent.RolloutStarted(now, by, fleet.lastRollout() + 1, version));
        }
        return new Accepted(events);
    }

    private static Answer setBrake(Fleet fleet, FleetCommand.SetBrake brake, String by, Instant now) {
        var until = brake.until();
        if (brake.why().isBlank()) {
            return whyMissing();
        }
        if (until.filter(end -> !end.isAfter(now)).isPresent()) {
            return new Refused("until_past", "the brake would be wanted until " + WholeSeconds.at(until.get())
                    + ", which is not after now");
        }
        return unknown(fleet, brake.scope()).orElseGet(() -> new Accepted(List.of(new FleetEvent.BrakeSet(now, by,
                brake.scope(), brake.why(), until, brake.cancels()))));
    }

    private static Answer releaseBrake(Fleet fleet, Scope scope, String why, String by, Instant now) {
        if (why.isBlank()) {
            return whyMissing();
        }
        return fleet.brakes().containsKey(scope)
                ? new Accepted(List.of(new FleetEvent.BrakeReleased(now, by, scope, why)))
                : new Refused("no_brake", "there is no brake on " + scope);
    }

    private static Answer acceptLog(Fleet fleet, long number, String why, String by, Instant now) {
        if (why.isBlank()) {
            return whyMissing();
        }
        var flaw = fleet.log().flaw().filter(known -> known.number() == number);
        return flaw.<Answer>map(known -> new Accepted(fleet.log().accepts(known) ? List.of()
                : List.of(new FleetEvent.LogAccepted(now, by, known, why))))
                .orElseGet(() -> new Refused("log_sound", "nobody found event " + number + " of the log changed"
                        + fleet.log().flaw().map(other -> "; event " + other.number() + " was").orElse("")));
    }

    static Answer whyMissing() {
        return new Refused("why_missing", "a reason is needed");
    }

    static Answer unknownVersion(ProductVersion version) {
        return new Refused("unknown_version", "version " + version + " is unknown");
    }

    static Optional<Answer> unknownOrBlocked(Fleet fleet, ProductVersion version) {
        var known = fleet.version(version);
        if (known.isEmpty()) {
            return Optional.of(unknownVersion(version));
        }
        return known.get().blocked().map(blocked -> new Refused("blocked", version + " is "
                + blocked.ground().word() + " by "
                + blocked.by()
                + ": " + blocked.why()));
    }

    /// A refusal if the scope names something the fleet does not have.
    static Optional<Answer> unknown(Fleet fleet, Scope scope) {
        return switch (scope) {
            case Scope.FleetWide() -> Optional.empty();
            case Scope.OfRing(var ring) -> fleet.rings().containsKey(ring) ? Optional.empty()
                    : Optional.of(new Refused("unknown_ring", "the fleet has no ring " + ring));
            case Scope.OfCell(var cell) -> fleet.cells().containsKey(cell) ? Optional.empty()
                    : Optional.of(new Refused("unknown_cell", "the fleet has no cell " + cell));
            case Scope.OfVersion(var version) -> scope.equals(BrakeDrill.SCOPE)
                    || fleet.versions().containsKey(version) ? Optional.empty()
                    : Optional.of(unknownVersion(version));
        };
    }

    /// A refusal if a brake holds the fleet, the version, or the ring or cell that is named.
    static Optional<Answer> braked(Fleet fleet, ProductVersion version, Optional<RingNumber> ring,
            Optional<CellId> cell) {
        return Stream.concat(fleet.log().brake().stream(), fleet.brakes().values().stream())
                .filter(brake -> switch (brake.scope()) {
            case Scope.FleetWide() -> true;
            case Scope.OfVersion(var braked) -> braked.equals(version);
            case Scope.OfRing(var braked) -> ring.filter(braked::equals).isPresent()
                    || cell.flatMap(fleet::cell).filter(known -> known.ring().equals(braked)).isPresent();
            case Scope.OfCell(var braked) -> cell.filter(braked::equals).isPresent();
        }).findFirst().map(brake -> new Refused("braked", brake.told()));
    }
}
