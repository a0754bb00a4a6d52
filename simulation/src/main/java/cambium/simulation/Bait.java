package cambium.simulation;

import cambium.rollout.Fleet;
import cambium.server.fleet.BrakeFile;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CellObserver;
import cambium.server.fleet.FleetStore;
import cambium.server.fleet.Planner;
import java.time.InstantSource;

/// A mistake planted in the coordinator, to show that the checks would find it. Each part it leaves alone is the real
/// one.
public interface Bait {
    Bait NONE = new Bait() {};

    /// The fleet as the coordinator takes it to be.
    default Fleet seen(Fleet fleet) {
        return fleet;
    }

    default Planner planner(Planner real) {
        return real;
    }

    /// The time by which a process reckons.
    default InstantSource time(InstantSource steady, InstantSource machine) {
        return steady;
    }

    /// The clock that a process takes for the right one.
    default InstantSource right(InstantSource shared, InstantSource machine) {
        return shared;
    }

    default CellDriver driver(CellDriver real) {
        return real;
    }

    default CellObserver observer(CellObserver real) {
        return real;
    }

    default BrakeFile brakeFile(BrakeFile real) {
        return real;
    }

    default FleetStore store(FleetStore real) {
        return real;
    }
}
