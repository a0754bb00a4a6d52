package cambium.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Remembers good tokens for a few seconds, so that a burst of requests costs one look-up. A token that is taken back
/// is refused everywhere after at most [#KEPT_FOR].
final class TokenCache<K, V> {
    static final Duration KEPT_FOR = Duration.ofSeconds(3);
    private static final int MAX_ENTRIES = 4096;

    private final InstantSource clock;
    private final Map<K, Kept<V>> entries = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
            return size() > MAX_ENTRIES;
        }
    };

    private record Kept<V>(V known, Instant since) {}

    TokenCache(InstantSource clock) {
        this.clock = clock;
    }

    Optional<V> get(K key, Supplier<Optional<V>> lookUp) {
        var remembered = remembered(key);
        if (remembered.isPresent()) {
            return remembered;
        }
        // Taken before the look-up: the answer may be that old.
        var now = clock.instant();
        var found = lookUp.get();
        synchronized (entries) {
            entries.remove(key);
            found.ifPresent(known -> entries.put(key, new Kept<>(known, now)));
        }
        return found;
    }

    Optional<V> remembered(K key) {
        synchronized (entries) {
            return Optional.ofNullable(entries.get(key))
                    .filter(entry -> clock.instant().isBefore(entry.since.plus(KEPT_FOR)))
                    .map(entry -> entry.known);
        }
    }

    /// Whether it was good when it was last looked up, however long ago: no proof that it still is.
    boolean hasSeen(K key) {
        synchronized (entries) {
            return entries.containsKey(key);
        }
    }

    /// All are looked up anew.
    void expire() {
        synchronized (entries) {
            entries.replaceAll((_, entry) -> new Kept<>(entry.known, Instant.EPOCH));
        }
    }
}
