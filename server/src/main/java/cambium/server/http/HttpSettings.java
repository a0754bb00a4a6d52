package cambium.server.http;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// How the server listens and how patient it is. Port 0 takes any free one. `minBodyRate` in bytes a second, of bodies
/// that are sent and of answers that are taken, watched once a client was waited for as long as `bodyGrace`.
public record HttpSettings(
        String host, int port, Optional<String> baseUrl,
        Duration headerDeadline, Duration idleTimeout, Duration bodyGrace, int minBodyRate, Duration stopTimeout,
        Admission.Limits limits) {
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
                Duration.ofSeconds(30), 1024, Duration.ofSeconds(20), Admission.Limits.standard());
    }

    public HttpSettings withBaseUrl(Optional<String> url) {
        return new HttpSettings(host, port, url, headerDeadline, idleTimeout, bodyGrace, minBodyRate, stopTimeout,
                limits);
    }

    public HttpSettings withPatience(Duration header, Duration idle, Duration body) {
        return new HttpSettings(host, port, baseUrl, header, idle, body, minBodyRate, stopTimeout, limits);
    }

    /// How many reads, uploads and commands are worked on at a time.
    public HttpSettings withLimits(int reads, int uploads, int commands) {
        return new HttpSettings(host, port, baseUrl, headerDeadline, idleTimeout, bodyGrace, minBodyRate, stopTimeout,
                new Admission.Limits(reads, uploads, commands, limits.reports(), limits.strangers()));
    }

    /// How many reports of cells are worked on at a time, and how many more wait for how long.
    public HttpSettings withReports(int atOnce, int waiting, Duration patience) {
        return new HttpSettings(host, port, baseUrl, headerDeadline, idleTimeout, bodyGrace, minBodyRate, stopTimeout,
                new Admission.Limits(limits.reads(), limits.uploads(), limits.commands(),
                        new Admission.Line(atOnce, waiting, patience), limits.strangers()));
    }

    /// How many tokens that are not familiar are looked up at a time for each kind of request, and how many more wait
    /// for how long.
    public HttpSettings withStrangers(int atOnce, int waiting, Duration patience) {
        return new HttpSettings(host, port, baseUrl, headerDeadline, idleTimeout, bodyGrace, minBodyRate, stopTimeout,
                new Admission.Limits(limits.reads(), limits.uploads(), limits.commands(), limits.reports(),
                        new Admission.Line(atOnce, waiting, patience)));
    }

    public HttpSettings withStopTimeout(Duration stop) {
        return new HttpSettings(host, port, baseUrl, headerDeadline, idleTimeout, bodyGrace, minBodyRate, stop,
                limits);
    }
}
