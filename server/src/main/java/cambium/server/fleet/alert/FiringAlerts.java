package cambium.server.fleet.alert;

import cambium.rollout.Alert;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Remembers since when each alert holds, so that one that comes and goes calls nobody. Not thread-safe.
final class FiringAlerts {
    private Map<Alert.Key, Instant> firstSeen = Map.of();

    /// An alert whose time has come.
    record Firing(Alert alert, Instant startsAt) {}

    /// @param all that hold at this look
    List<Firing> at(Instant now, List<Alert> all) {
        var seen = new HashMap<Alert.Key, Instant>();
        all.forEach(alert -> seen.put(alert.key(), firstSeen.getOrDefault(alert.key(), now)));
        firstSeen = seen;
        return all.stream().map(alert -> new Firing(alert, alert.firesAt(seen.get(alert.key()))))
                .filter(firing -> !firing.startsAt().isAfter(now)).toList();
    }

    void forget() {
        firstSeen = Map.of();
    }
}
