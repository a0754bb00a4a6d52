package cambium.rollout;

import cambium.rollout.FleetCommand.Answer;
import cambium.rollout.FleetCommand.Answer.Accepted;
import cambium.rollout.FleetCommand.Answer.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A person lets a cell stand aside, or takes it back on duty.
final class DutyCommand {
    static final Duration MAX_DEFERRAL = Duration.ofDays(90);

    private DutyCommand() {}

    static Answer decide(Fleet fleet, FleetCommand.SetDuty command, String by, Instant now) {
        var refusal = FleetCommands.unknown(fleet, new Scope.OfCell(command.cell()));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (command.why().isBlank()) {
            return FleetCommands.whyMissing();
        }
        var cell = fleet.cells().get(command.cell());
        return hindrance(fleet, cell, command.duty(), now).<Answer>map(refused -> refused)
                .orElseGet(() -> new Accepted(events(cell, command, by, now)));
    }

    private static Optional<Refused> hindrance(Fleet fleet, Cell cell, Duty next, Instant now) {
        if (cell.membership().home().equals(RingNumber.QUARANTINE) && !(next instanceof Duty.Leaving)) {
            return Optional.of(new Refused("ring_order", "cell " + cell.id()
                    + " is declared in ring -1; declare it in another ring and apply the fleet"));
        }
        return switch (next) {
            case Duty.OnDuty(), Duty.Leaving() -> Optional.empty();
            case Duty.Deferred(var until) when !until.isAfter(now) -> Optional.of(new Refused("until_past",
                    "the deferral would end at " + WholeSeconds.at(until) + ", which is not after now"));
            case Duty.Deferred(var until) when until.isAfter(now.plus(MAX_DEFERRAL)) ->
                Optional.of(new Refused("until_past", "a cell is deferred for at most " + MAX_DEFERRAL.toDays()
                        + " days; quarantine it, or take it out of the fleet"));
            case Duty.Deferred(var _) -> Optional.empty();
            case Duty.Quarantined() when cell.spec().kind() == CellSpec.Kind.MAIN -> Optional.of(new Refused(
                    "main_cell", "cell " + cell.id() + " is the main cell, without which nothing graduates; "
                    + "cambium brake on --cell " + cell.id() + " keeps versions off it"));
            case Duty.Quarantined() when !(cell.membership().duty() instanceof Duty.Quarantined)
                    && lastOnDuty(fleet, cell, now) -> Optional.of(new Refused("last_cell", "cell " + cell.id()
                    + " is the last on duty in ring " + cell.ring()
                    + ", where nothing could prove a version without it; cambium brake on --ring " + cell.ring()
                    + " stops the ring"));
            case Duty.Quarantined() -> Optional.empty();
        };
    }

    private static boolean lastOnDuty(Fleet fleet, Cell cell, Instant now) {
        return fleet.cells().values().stream().noneMatch(other -> other.ring().equals(cell.ring())
                && !other.id().equals(cell.id()) && !other.membership().offDuty(now));
    }

    private static List<FleetEvent> events(Cell cell, FleetCommand.SetDuty command, String by, Instant now) {
        var events = new ArrayList<FleetEvent>();
        if (!cell.membership().duty().equals(command.duty())) {
            events.add(new FleetEvent.CellDutyChanged(now, by, cell.id(), command.duty(), command.why()));
        }
        if (command.abandon() && command.duty() instanceof Duty.Leaving) {
            cell.current().ifPresent(attempt -> events.add(attempt.startedAt().isPresent()
                    ? new FleetEvent.AttemptFinished(now, attempt.id(),
                            new AttemptResult.Lost("abandoned by " + by + ": " + command.why()))
                    : new FleetEvent.AttemptWithheld(now, attempt.id(), "abandoned by " + by + ": " + command.why())));
        }
        return events;
    }
}
