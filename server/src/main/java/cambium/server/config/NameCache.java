package cambium.server.config;

import java.security.Security;
import java.time.Duration;

/// How long the JVM goes by what it looked up of a name. What it found it believes for 30 s, as ever, and takes the new
/// address then; while names cannot be looked up it goes on with what was found last, so that an outage of names is not
/// one of everything they name. What it did not find it asks for again after 3 s, and less often than anybody asks.
public final class NameCache {
    private static final Duration KEPT_IN_AN_OUTAGE = Duration.ofHours(1);
    /// Below the time for which a cell must be unseen to count as unreachable.
    private static final Duration UNKNOWN = Duration.ofSeconds(3);
    private static final String STALE = "networkaddress.cache.stale.ttl";
    private static final String NEGATIVE = "networkaddress.cache.negative.ttl";
    private static final String JAVAS_NEGATIVE = "10";

    private NameCache() {}

    /// Before the first name is looked up. What operators say in a `java.security` of theirs stays.
    public static void set() {
        if (Security.getProperty(STALE) == null) {
            Security.setProperty(STALE, Long.toString(KEPT_IN_AN_OUTAGE.toSeconds()));
        }
        if (JAVAS_NEGATIVE.equals(Security.getProperty(NEGATIVE))) {
            Security.setProperty(NEGATIVE, Long.toString(UNKNOWN.toSeconds()));
        }
    }
}
