package cambium.server.http;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// When the certificates end that other servers have shown to this process: one memory for all clients of the process,
/// as the trust of the JVM is. One that ends within 30 days is told in the log, once a day for each host. A host that
/// has shown nothing for a day is forgotten.
public final class PeerCertificates {
    public static final Duration WARNING = Duration.ofDays(30);
    private static final Logger LOG = LoggerFactory.getLogger(PeerCertificates.class);
    private static final int MAX_HOSTS = 10_000;
    private static final long MEMORY_NANOS = Duration.ofDays(1).toNanos();
    private static final Map<String, Shown> SHOWN = new ConcurrentHashMap<>();
    private static final Map<String, Long> TOLD = new ConcurrentHashMap<>();
    private static volatile Optional<InstantSource> clock = Optional.empty();

    private PeerCertificates() {}

    private record Shown(Instant end, long atNanos) {
        boolean isFresh(long now) {
            return now - atNanos < MEMORY_NANOS;
        }
    }

    /// From now on it can be told how long something is still good.
    public static void watch(InstantSource time) {
        clock = Optional.of(time);
    }

    /// Seconds until the first of them ends; not a number while none is known.
    public static double secondsLeft() {
        long now = System.nanoTime();
        SHOWN.values().removeIf(each -> !each.isFresh(now));
        return clock.flatMap(time -> SHOWN.values().stream().map(Shown::end).min(Comparator.naturalOrder())
            .map(end -> (double) Duration.between(time.instant(), end).toSeconds())).orElse(Double.NaN);
    }

    /// One that was trusted. Those that come with it are not looked at: some servers send old ones that nobody needs.
    static void note(String host, X509Certificate certificate) {
        var end = certificate.getNotAfter().toInstant();
        long now = System.nanoTime();
        if (SHOWN.size() < MAX_HOSTS || SHOWN.containsKey(host)) {
            SHOWN.put(host, new Shown(end, now));
        }
        if (clock.isPresent() && end.isBefore(clock.get().instant().plus(WARNING)) && isDue(host, now)) {
            LOG.warn("the certificate of {} ({}) ends at {}: whoever runs that host has to renew it", host,
                certificate.getSubjectX500Principal(), end);
        }
    }

    private static boolean isDue(String host, long now) {
        TOLD.values().removeIf(at -> now - at >= MEMORY_NANOS);
        return TOLD.size() < MAX_HOSTS && TOLD.putIfAbsent(host, now) == null;
    }
}
