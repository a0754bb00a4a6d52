package cambium.server.repository;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which generation of a signed file a client read last, for a minute: a signature that lies in a file of its own
/// (`repomd.xml.asc`, `Release.gpg`) is then given of the same one, although another was published in between (P-7).
/// A client is an address and what it calls itself; of several behind one address the last reading counts.
final class ReadRoots {
    static final Duration REMEMBERED = Duration.ofMinutes(1);
    static final int MOST = 20_000;

    private final InstantSource clock;
    private final Map<Key, Reading> readings = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Reading> eldest) {
            return size() > MOST;
        }
    };

    private record Key(String address, int agent, long channel, String file) {}

    private record Reading(long generation, Instant at) {}

    ReadRoots(InstantSource clock) {
        this.clock = clock;
    }

    /// The generation to answer with, given the newest.
    synchronized long generation(String address, Optional<String> agent, long channel, String file, long newest) {
        var signed = signed(file);
        var key = new Key(address, agent.map(String::hashCode).orElse(0), channel, signed.orElse(file));
        if (signed.isEmpty()) {
            readings.remove(key);   // so that the newest reading is the youngest of the map
            readings.put(key, new Reading(newest, clock.instant()));
            return newest;
        }
        return Optional.ofNullable(readings.get(key))
            .filter(reading -> clock.instant().isBefore(reading.at().plus(REMEMBERED)))
            .map(Reading::generation).orElse(newest);
    }

    /// The file that a file with a signature speaks for.
    private static Optional<String> signed(String file) {
        for (var suffix : new String[] {".asc", ".gpg"}) {
            if (file.endsWith(suffix)) {
                return Optional.of(file.substring(0, file.length() - suffix.length()));
            }
        }
        return Optional.empty();
    }
}
