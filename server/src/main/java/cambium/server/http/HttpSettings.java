package cambium.server.http;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// How the server listens and how patient it is. Port 0 takes any free one. `minBodyRate` in bytes a second, watched
/// from `bodyGrace` after the start of the body on.
public record HttpSettings(
        String host, int port, Optional<String> baseUrl,
        Duration headerDeadline, Duration idleTimeout, Duration bodyGrace, int minBodyRate, Duration stopTimeout) {
    private static final int MAX_PORT = 65_535;

    public HttpSettings {
        Objects.requireNonNull(host);
        Objects.requireNonNull(baseUrl);
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    public static HttpSettings at(String host, int port) {
        return new HttpSettings(host, port, Optional.empty(), Duration.ofSeconds(10), Duration.ofSeconds(30),
                Duration.ofSeconds(30), 1024, Duration.ofSeconds(20));
    }

    public HttpSettings withBaseUrl(Optional<String> url) {
        return new HttpSettings(host, port, url, headerDeadline, idleTimeout, bodyGrace, minBodyRate, stopTimeout);
    }

    public HttpSettings withPatience(Duration header, Duration idle, Duration body) {
        return new HttpSettings(host, port, baseUrl, header, idle, body, minBodyRate, stopTimeout);
    }

    public HttpSettings withStopTimeout(Duration stop) {
        return new HttpSettings(host, port, baseUrl, headerDeadline, idleTimeout, bodyGrace, minBodyRate, stop);
    }
}
