package cambium.rollout;

import java.util.Optional;
import java.util.stream.Stream;

/// On which side of the perimeter a command acts: release managers answer for what is inside, ops for what is outside.
/// What reaches both sides counts as outside. Ring −1 is outside: who quarantined a cell decides what happens to it.
public enum Reach {
    INSIDE, OUTSIDE;

    /// Nothing where the side does not matter: brakes hold on both, and cells and rings have rights of their own. What
    /// names something unknown reaches nothing; the command itself refuses it.
    public static Optional<Reach> of(Fleet fleet, FleetCommand command) {
        return switch (command) {
            case FleetCommand.Apply _, FleetCommand.SetBrake _, FleetCommand.ReleaseBrake _, FleetCommand.SetDuty _,
                    FleetCommand.AcceptLog _ ->
                    Optional.empty();
            case FleetCommand.Deploy deploy -> Optional.of(outermost(
                    deploy.ring().map(ring -> ofRing(fleet, ring)).orElse(INSIDE),
                    deploy.cell().map(cell -> ofCell(fleet, cell)).orElse(INSIDE)));
            case FleetCommand.RunPdm(var version, var only) -> Optional.of(only.map(cell -> ofCell(fleet, cell))
                    .orElseGet(() -> ofVersion(fleet, version)));
            case FleetCommand.Approve approve -> Optional.of(ofRing(fleet, approve.ring()));
            case FleetCommand.Graduate _ -> Optional.of(INSIDE);
            case FleetCommand.Veto(var version, var _) -> Optional.of(ofVersion(fleet, version));
            case FleetCommand.SetPin pin -> Optional.of(ofScope(fleet, pin.scope()));
            case FleetCommand.ReleasePin(var scope, var _) -> Optional.of(ofScope(fleet, scope));
            // Its way begins anew, at ring 0.
            case FleetCommand.Unblock _ -> Optional.of(INSIDE);
            case FleetCommand.RollBack(var scope, var _, var _) -> Optional.of(ofScope(fleet, scope));
        };
    }

    private static Reach ofScope(Fleet fleet, Scope scope) {
        return switch (scope) {
            case Scope.FleetWide() -> OUTSIDE;
            case Scope.OfRing(var ring) -> ofRing(fleet, ring);
            case Scope.OfCell(var cell) -> ofCell(fleet, cell);
            case Scope.OfVersion(var version) -> ofVersion(fleet, version);
        };
    }

    private static Reach outermost(Reach one, Reach other) {
        return one == OUTSIDE ? one : other;
    }

    private static Reach ofRing(Fleet fleet, RingNumber ring) {
        return fleet.spec().filter(spec -> ring.value() < 0 || ring.compareTo(spec.perimeter()) > 0).isPresent()
                ? OUTSIDE : INSIDE;
    }

    private static Reach ofCell(Fleet fleet, CellId cell) {
        return fleet.cell(cell).map(known -> ofRing(fleet, known.ring())).orElse(INSIDE);
    }

    /// As far out as a ring was opened for the version, or a cell was given it or is just about to be.
    private static Reach ofVersion(Fleet fleet, ProductVersion version) {
        var opened = fleet.rings().values().stream().filter(ring -> ring.targets().stream()
                .anyMatch(target -> target.version().equals(version))).map(Ring::number);
        var given = fleet.cells().values().stream().filter(cell -> cell.runs(version)
                || cell.given().filter(other -> other.version().equals(version)).isPresent()
                || cell.current().filter(attempt -> attempt.version().equals(version)).isPresent()).map(Cell::ring);
        return Stream.concat(opened, given).anyMatch(ring -> ofRing(fleet, ring) == OUTSIDE)
                ? OUTSIDE : INSIDE;
    }
}
