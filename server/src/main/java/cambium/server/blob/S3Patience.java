package cambium.server.blob;

import java.time.Duration;

/// How long S3 is waited for. `tries` counts the first one; between them waits grow, with jitter. One try of a request
/// without a large body ends after `onePerTry`, all tries of it after `inAll`; a connection that stays silent for
/// `silence` is given up. `leastRate` in bytes a second is what a download must keep up on the mean once it has made us
/// wait for `silence`.
public record S3Patience(int tries, Duration onePerTry, Duration inAll, Duration silence, int leastRate) {
    /// Requests that carry a part of a large blob get this many times longer.
    static final int FACTOR_FOR_BODIES = 6;

    public static S3Patience standard() {
        return new S3Patience(5, Duration.ofSeconds(10), Duration.ofSeconds(40), Duration.ofSeconds(15), 4096);
    }
}
