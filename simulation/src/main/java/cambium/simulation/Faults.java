package cambium.simulation;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/// How often each kind of trouble comes, as a probability each time it could. Every run draws its own mixture, so that
/// some runs see only one kind, and much of it.
record Faults(Map<Fault, Double> shares) {
    static final Faults NONE = new Faults(Map.of());

    static Faults drawn(Chance chance) {
        var shares = new EnumMap<Fault, Double>(Fault.class);
        for (var fault : Fault.values()) {
            shares.put(fault, chance.in(0.5) ? 0 : chance.below(1000) / 1000.0 * fault.most);
        }
        return new Faults(shares);
    }

    /// These and no others, each as often as it ever comes.
    static Faults of(Collection<Fault> kinds) {
        var shares = new EnumMap<Fault, Double>(Fault.class);
        kinds.forEach(fault -> shares.put(fault, fault.most));
        return new Faults(shares);
    }

    double share(Fault fault) {
        return shares.getOrDefault(fault, 0.0);
    }
}
