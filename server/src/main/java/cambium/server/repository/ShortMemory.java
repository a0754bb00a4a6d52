package cambium.server.repository;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Remembers for a second what the database has said, so that a burst of requests costs one look. Only what was found
/// is remembered. Whoever changes it in this process calls [#forget]; other processes see the change a second later.
final class ShortMemory<K, V> {
    static final Duration KEPT_FOR = Duration.ofSeconds(1);
    private static final int MAX_ENTRIES = 4096;

    private final InstantSource clock;
    private final Map<K, Kept<V>> entries = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
            return size() > MAX_ENTRIES;
        }
    };
    private long changes;

    private record Kept<V>(V value, Instant since) {}

    ShortMemory(InstantSource clock) {
        this.clock = clock;
    }

    Optional<V> get(K key, Supplier<Optional<V>> look) {
        // Taken before the look: what it finds may be that old.
        Instant now = clock.instant();
        long before;
        synchronized (entries) {
            Kept<V> kept = entries.get(key);
            if (kept != null && !now.isBefore(kept.since) && now.isBefore(kept.since.plus(KEPT_FOR))) {
                return Optional.of(kept.value);
            }
            before = changes;
        }
        Optional<V> found = look.get();
        synchronized (entries) {
            entries.remove(key);
            if (before == changes) {
                found.ifPresent(value -> entries.put(key, new Kept<>(value, now)));
            }
        }
        return found;
    }

    /// After a change that this process has made.
    void forget() {
        synchronized (entries) {
            changes++;
            entries.clear();
        }
    }
}
