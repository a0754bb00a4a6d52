package cambium.server.pages;

import cambium.rollout.Advice;
import cambium.rollout.BrakeDrill;
import cambium.rollout.FleetStatus;
import cambium.rollout.FleetStatus.BrakeStatus;
import cambium.rollout.FleetStatus.CellStatus;
import cambium.rollout.FleetStatus.RingStatus;
import cambium.rollout.FleetStatus.VersionStatus;
import cambium.rollout.LogFlaw;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The status of the fleet with the questions that pages ask of it.
final class FleetNow {
    private final FleetStatus status;
    private final Optional<String> brakeFile;
    private final Map<Integer, List<CellStatus>> byRing = new LinkedHashMap<>();

    FleetNow(FleetStatus status) {
        this(status, Optional.empty());
    }

    /// @param brakeFile why a file in the data folder of this process brakes the fleet, if one does
    FleetNow(FleetStatus status, Optional<String> brakeFile) {
        this.status = status;
        this.brakeFile = brakeFile;
        status.cells().forEach(cell -> byRing.computeIfAbsent(cell.ring(), _ -> new ArrayList<>()).add(cell));
    }

    /// A fleet of which nothing is told.
    static FleetNow unknown(Instant now) {
        return new FleetNow(new FleetStatus("", 0, OptionalInt.empty(), now, List.of(), List.of(), List.of(), List.of(),
                List.of(), Optional.empty(), Optional.empty(), List.of(), Optional.empty()));
    }

    String fleet() {
        return status.fleet();
    }

    Instant at() {
        return status.at();
    }

    Optional<BrakeDrill> drill() {
        return status.drill();
    }

    Optional<FleetStatus.PausedStatus> paused() {
        return status.paused();
    }

    List<Advice> advice() {
        return status.advice();
    }

    Optional<LogFlaw> logFlaw() {
        return status.logFlaw();
    }

    List<FleetStatus.PinStatus> pins() {
        return status.pins();
    }

    Optional<String> brakeFile() {
        return brakeFile;
    }

    /// Whether a release of the brake on this scope would be refused, since the brake file pulls it again.
    boolean underTheFile(String scope) {
        return brakeFile.isPresent() && scope.equals("fleet");
    }

    List<BrakeStatus> brakes() {
        return status.brakes();
    }

    /// In order of registration, oldest first.
    List<VersionStatus> versions() {
        return status.versions();
    }

    List<CellStatus> cells() {
        return status.cells();
    }

    /// The rings from 0 outward; quarantine is none of them.
    List<RingStatus> rings() {
        return status.rings().stream().filter(ring -> ring.ring() >= 0).toList();
    }

    Optional<RingStatus> quarantine() {
        return status.rings().stream().filter(ring -> ring.ring() < 0).findFirst();
    }

    List<CellStatus> cellsOf(int ring) {
        return byRing.getOrDefault(ring, List.of());
    }

    Optional<CellStatus> cell(String name) {
        return cells().stream().filter(cell -> cell.cell().equals(name)).findFirst();
    }

    Optional<VersionStatus> version(String name) {
        return versions().stream().filter(version -> version.version().equals(name)).findFirst();
    }

    /// The brakes that hold this scope itself: `fleet`, `ring 2`, `cell c1`, `version 1.2.0`.
    List<BrakeStatus> brakesOn(String scope) {
        return brakes().stream().filter(brake -> brake.scope().equals(scope)).toList();
    }

    long cellsOn(String version) {
        Optional<String> sought = Optional.of(version);
        return cells().stream().filter(cell -> cell.version().equals(sought)).count();
    }
}
