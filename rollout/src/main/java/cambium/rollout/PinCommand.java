package cambium.rollout;

import cambium.rollout.FleetCommand.Answer;
import cambium.rollout.FleetCommand.Answer.Accepted;
import cambium.rollout.FleetCommand.Answer.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Pinning a ring or a cell to a version, and releasing it.
final class PinCommand {
    private PinCommand() {}

    static Answer pin(Fleet fleet, FleetCommand.SetPin pin, String by, Instant now) {
        if (pin.why().isBlank()) {
            return FleetCommands.whyMissing();
        }
        var refusal = scope(fleet, pin.scope()).or(() -> FleetCommands.unknownOrBlocked(fleet, pin.version()));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (pin.until().filter(end -> !end.isAfter(now)).isPresent()) {
            return new Refused("until_past", "the pin would be wanted until " + WholeSeconds.at(pin.until().get())
                    + ", which is not after now");
        }
        var there = Optional.ofNullable(fleet.pins().get(pin.scope())).filter(known ->
                known.version().equals(pin.version()) && known.by().equals(by) && known.why().equals(pin.why())
                && known.until().equals(pin.until()));
        return new Accepted(there.isPresent() ? List.of() : List.of(new FleetEvent.PinSet(now, by, pin.scope(),
                pin.version(), pin.why(), pin.until())));
    }

    static Answer release(Fleet fleet, Scope scope, String why, String by, Instant now) {
        if (why.isBlank()) {
            return FleetCommands.whyMissing();
        }
        return fleet.pins().containsKey(scope)
                ? new Accepted(List.of(new FleetEvent.PinReleased(now, by, scope, why)))
                : new Refused("no_pin", scope + " is not pinned");
    }

    private static Optional<Answer> scope(Fleet fleet, Scope scope) {
        return switch (scope) {
            case Scope.OfRing(var ring) when ring.value() < 0 ->
                    Optional.of(new Refused("bad_scope", "ring -1 is quarantine and receives nothing anyway"));
            case Scope.OfRing _, Scope.OfCell _ -> FleetCommands.unknown(fleet, scope);
            case Scope.FleetWide _, Scope.OfVersion _ -> Optional.of(new Refused("bad_scope",
                    "a ring or a cell is pinned, not " + scope));
        };
    }

    /// A refusal if the ring or cell that is named is pinned to another version.
    static Optional<Answer> elsewhere(Fleet fleet, ProductVersion version, Optional<RingNumber> ring,
            Optional<CellId> cell) {
        var home = ring.or(() -> cell.flatMap(fleet::cell).map(Cell::ring));
        return Stream.concat(home.<Scope>map(Scope.OfRing::new).stream(), cell.<Scope>map(Scope.OfCell::new).stream())
                .map(fleet.pins()::get).filter(pin -> pin != null && !pin.version().equals(version)).findFirst()
                .map(pin -> new Refused("pinned", pin.told()));
    }
}
