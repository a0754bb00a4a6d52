package cambium.server.pages;

import cambium.rollout.FleetStatus.BrakeStatus;
import cambium.rollout.Scope;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Which brakes lie around one scope: a cell is held by its own brake, by its ring's and by the fleet's, each pulled
/// and released for itself.
final class Brakes {
    private static final int MOST_NAMED = 3;
    /// Who a brake is by that was pulled by a file in the data folder of some server.
    private static final String BY_FILE = "brake file";

    private Brakes() {}

    /// Those that hold the whole of this scope beside a brake on the scope itself.
    static List<BrakeStatus> wider(FleetNow fleet, String scope) {
        Optional<String> ring = Scope.of(scope) instanceof Scope.OfCell(var cell)
                ? fleet.cell(cell.toString()).map(found -> "ring " + found.ring()) : Optional.empty();
        return fleet.brakes().stream()
                .filter(brake -> !brake.scope().equals(scope))
                .filter(brake -> brake.scope().equals("fleet") || ring.equals(Optional.of(brake.scope())))
                .toList();
    }

    /// What still holds once the brake on this scope is released.
    static String left(FleetNow fleet, String scope) {
        List<BrakeStatus> wider = wider(fleet, scope);
        if (!wider.isEmpty()) {
            return "Nothing starts there yet: " + wider.stream().map(Brakes::named)
                    .collect(Collectors.joining("; ")) + ". A wider brake is released for itself.";
        }
        List<BrakeStatus> inside = fleet.brakes().stream()
                .filter(brake -> wider(fleet, brake.scope()).stream().anyMatch(held -> held.scope().equals(scope)))
                .toList();
        return inside.isEmpty() ? "No other brake holds it." : "These stay: " + inside.stream().limit(MOST_NAMED)
                .map(Brakes::named).collect(Collectors.joining("; ")) + (inside.size() <= MOST_NAMED ? "."
                        : "; and " + (inside.size() - MOST_NAMED) + " more.");
    }

    /// The note beside a brake that is not the only one.
    static Optional<String> also(FleetNow fleet, BrakeStatus brake) {
        if (brake.by().equals(BY_FILE) && !fleet.underTheFile(brake.scope())) {
            return Optional.of("A brake file pulled it: where it still lies, in the data folder of another server, this"
                    + " brake is pulled again at once after a release.");
        }
        List<BrakeStatus> wider = wider(fleet, brake.scope());
        return wider.isEmpty() ? Optional.empty() : Optional.of("Also held by the brake on "
                + wider.stream().map(BrakeStatus::scope).collect(Collectors.joining(" and the one on "))
                + ", which stays when this one is released.");
    }

    private static String named(BrakeStatus brake) {
        return "the brake on " + brake.scope() + " by " + brake.by();
    }
}
