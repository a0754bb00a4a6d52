package cambium.server.fleet.alert;

import cambium.rollout.Alert;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Remembers since when each alert holds, so that one that comes and goes calls nobody. One that only passes on another
/// is told while that one is not: a ring whose cells want data in turn, none of them for long, is told itself. Not
/// thread-safe.
final class FiringAlerts {
    private Map<Alert.Key, Instant> firstSeen = Map.of();

    /// An alert whose time has come.
    record Firing(Alert alert, Instant startsAt) {}

    /// @param all that hold at this look
    List<Firing> at(Instant now, List<Alert> all) {
        var seen = new HashMap<Alert.Key, Instant>();
        all.forEach(alert -> seen.put(alert.key(), firstSeen.getOrDefault(alert.key(), now)));
        firstSeen = seen;
        var due = all.stream().map(alert -> new Firing(alert, alert.firesAt(seen.get(alert.key()))))
                .filter(firing -> !firing.startsAt().isAfter(now)).toList();
        var keys = due.stream().map(firing -> firing.alert().key()).collect(Collectors.toSet());
        return due.stream().filter(firing -> firing.alert().passesOn().filter(keys::contains).isEmpty()).toList();
    }

    void forget() {
        firstSeen = Map.of();
    }
}
