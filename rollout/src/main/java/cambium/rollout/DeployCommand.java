package cambium.rollout;

import cambium.rollout.FleetCommand.Answer;
import cambium.rollout.FleetCommand.Answer.Accepted;
import cambium.rollout.FleetCommand.Answer.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/// Starting a version. A ring or cell that is named is a wish to have it there now, refused unless the way there is
/// open.
final class DeployCommand {
    private DeployCommand() {}

    static Answer decide(Fleet fleet, FleetCommand.Deploy command, String by, Instant now) {
        var refusal = place(fleet, command).or(() -> version(fleet, command))
                .or(() -> FleetCommands.braked(fleet, command.version(), command.ring(), command.cell()))
                .or(() -> PinCommand.elsewhere(fleet, command.version(), command.ring(), command.cell()))
                .or(() -> order(fleet, command, now)).or(() -> crossed(fleet, command.version()))
                .or(() -> command.hotfix().flatMap(why -> hotfix(fleet, command, why)));
        return refusal.orElseGet(() -> new Accepted(events(fleet, command, by, now)));
    }

    private static Optional<Answer> place(Fleet fleet, FleetCommand.Deploy command) {
        return command.ring().flatMap(ring -> FleetCommands.unknown(fleet, new Scope.OfRing(ring)))
                .or(() -> command.cell().flatMap(cell -> FleetCommands.unknown(fleet, new Scope.OfCell(cell))));
    }

    private static Optional<Answer> version(Fleet fleet, FleetCommand.Deploy command) {
        var known = fleet.version(command.version());
        if (known.isEmpty()) {
            return command.packages().isEmpty() ? Optional.of(FleetCommands.unknownVersion(command.version()))
                    : Optional.empty();
        }
        if (!command.packages().isEmpty() && !command.packages().equals(known.get().packages())) {
            return Optional.of(new Refused("version_differs", command.version()
                    + " is registered with other packages"));
        }
        if (command.ledger().isPresent() && !command.ledger().equals(known.get().ledger())) {
            return Optional.of(new Refused("version_differs", command.version() + " is registered with "
                    + known.get().ledger().map(_ -> "other").orElse("undeclared") + " migrations"));
        }
        return FleetCommands.unknownOrBlocked(fleet, command.version());
    }

    private static Optional<Answer> order(Fleet fleet, FleetCommand.Deploy command, Instant now) {
        var wanted = command.ring().or(() -> command.cell().flatMap(fleet::cell).map(Cell::ring));
        if (wanted.isEmpty() || wanted.get().equals(RingNumber.INNERMOST)) {
            return Optional.empty();
        }
        var ring = wanted.get();
        if (ring.equals(RingNumber.QUARANTINE)) {
            return Optional.of(new Refused("ring_order", "ring -1 is quarantine and receives nothing"));
        }
        var situation = new Situation(fleet, fleet.spec().orElseThrow(), now);
        boolean graduated = fleet.version(command.version()).flatMap(VersionRecord::graduatedAt).isPresent();
        if (situation.outsidePerimeter(ring) && !graduated) {
            return Optional.of(new Refused("not_graduated", situation.notGraduated(new Scope.OfRing(ring),
                    command.version()).text()));
        }
        var inner = situation.standing(ring.inner()).filter(standing -> standing.target().version()
                .equals(command.version()));
        return inner.filter(RingStanding::proved).isPresent() ? Optional.empty() : Optional.of(new Refused("ring_order",
                "ring " + ring.inner() + " has not proved " + command.version() + ", so it may not go to ring "
                + ring));
    }

    /// Going forward to an older version is going back: not over the PDM of a newer one.
    private static Optional<Answer> crossed(Fleet fleet, ProductVersion version) {
        var first = fleet.rollouts().values().stream().filter(rollout -> rollout.version().equals(version)).findFirst();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        return fleet.cells().values().stream().filter(cell -> cell.pdm().flatMap(run -> fleet.rolloutOf(run.version()))
                .filter(rollout -> rollout.number() > first.get().number() && !rollout.version().equals(version))
                .isPresent()).findFirst()
                .map(cell -> new Refused("migration_crossed", "PDM of " + cell.pdm().orElseThrow().version()
                + " ran on cell " + cell.id()
                        + ", so " + version + " may not come back by a rollout;"
                        + " cambium rollback --with-downtime takes single cells back"));
    }

    /// The mark is set when the rollout starts, so that every bake of it is read by one rule. Only the bake is shorter:
    /// it begins in ring 0 as all do.
    private static Optional<Answer> hotfix(Fleet fleet, FleetCommand.Deploy command, String why) {
        if (why.isBlank()) {
            return Optional.of(FleetCommands.whyMissing());
        }
        if (command.cell().isPresent() || command.ring().filter(ring -> ring.value() != 0).isPresent()) {
            return Optional.of(new Refused("ring_order", "a hotfix begins in ring 0 as every version does; name no"
                    + " other ring and no cell"));
        }
        boolean lane = fleet.spec().orElseThrow().rings().stream()
                .anyMatch(ring -> ring.policy().bake().hotfix().isPresent());
        if (!lane) {
            return Optional.of(new Refused("no_hotfix_lane", "no ring has a shorter bake for hotfixes; the fleet file"
                    + " gives it one with bake: {hotfix: {time: 1m, samples: 20}}"));
        }
        return underWay(fleet, command.version()).filter(rollout -> rollout.hotfix().isEmpty())
                .map(rollout -> new Refused("under_way", "rollout " + rollout.number() + " of " + command.version()
                + " was started by " + rollout.by() + " without being marked a hotfix, which is only possible when it"
                + " starts; it goes on as it is"));
    }

    private static Optional<Rollout> underWay(Fleet fleet, ProductVersion version) {
        return fleet.rolloutOf(version).filter(rollout -> rollout.number() == fleet.lastRollout()
                || rollout.state() == Rollout.State.ACTIVE);
    }

    private static ArrayList<FleetEvent> events(Fleet fleet, FleetCommand.Deploy command, String by, Instant now) {
        var events = new ArrayList<FleetEvent>();
        var kind = command.full() ? Optional.of(StepKind.FULL) : Optional.<StepKind>empty();
        if (fleet.version(command.version()).isEmpty()) {
            events.add(new FleetEvent.VersionRegistered(now, by, command.version(), command.packages(),
                    command.ledger()));
        }
        if (underWay(fleet, command.version()).isEmpty()) {
            events.add(new FleetEvent.RolloutStarted(now, by, fleet.lastRollout() + 1, command.version(), kind,
                    command.hotfix()));
        }
        command.ring().ifPresent(ring -> fleet.cells().values().stream().filter(cell -> cell.ring().equals(ring)
                && cell.heldOff(command.version())).forEach(cell -> events.add(new FleetEvent.RetryAsked(now, by,
                        command.version(), cell.id()))));
        command.cell().ifPresent(cell -> events.add(new FleetEvent.RetryAsked(now, by, command.version(), cell, kind)));
        return events;
    }
}
