package cambium.server.http;

import cambium.server.access.Rights;
import cambium.server.config.Descriptors;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door of this folder: Jetty on virtual threads, with nothing in front of it. Settings and their reasons stand in
/// `server/README.md`.
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int ACCEPT_QUEUE = 1024;
    private static final int MAX_CONNECTIONS = 20_000;
    private static final int MIN_CONNECTIONS = 16;
    /// For all that is no connection of a client: libraries, the database, steps, cells, other servers.
    private static final int OTHER_DESCRIPTORS = 384;
    private static final Duration IDLE_IN_A_CROWD = Duration.ofSeconds(5);

    private final Server jetty;
    private final int port;
    private final String host;
    private final EventStreams streams;
    private final HeaderDeadline deadline;
    private final SlowReaders slowReaders;

    private HttpServer(Server jetty, int port, String host, EventStreams streams, HeaderDeadline deadline,
            SlowReaders slowReaders) {
        this.jetty = jetty;
        this.port = port;
        this.host = host;
        this.streams = streams;
        this.deadline = deadline;
        this.slowReaders = slowReaders;
    }

    /// Listens when this returns. Throws `IOException` where the address is taken.
    public static HttpServer start(HttpSettings settings, Router router, Authenticator authenticator,
            Rights rights, TrafficObserver observer, ProblemPage problems, RequestIds ids) throws Exception {
        Objects.requireNonNull(router);
        var threads = new VirtualThreadPool();
        // The default cap of 200 tasks would starve open event streams.
        threads.setMaxConcurrentTasks(-1);
        var jetty = new Server(threads);
        var connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(configuration()));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        var deadline = new HeaderDeadline(settings.headerDeadline());
        connector.addBean(deadline);
        jetty.addConnector(connector);
        jetty.addBean(connectionLimit(Descriptors.most(), connector));
        var streams = new EventStreams();
        var slowReaders = new SlowReaders(settings.bodyGrace(), settings.minBodyRate());
        var errors = new ErrorAnswers(problems);
        jetty.setErrorHandler(errors);
        jetty.setHandler(new GracefulHandler(
                new FrontHandler(settings, router, authenticator, rights, observer, ids, streams, deadline,
                        slowReaders, errors)));
        jetty.setStopTimeout(settings.stopTimeout().toMillis());
        jetty.start();
        deadline.watch();
        slowReaders.watch();
        return new HttpServer(jetty, connector.getLocalPort(), settings.host(), streams, deadline,
                slowReaders);
    }

    /// A crowd of connections never takes the last descriptors from the rest of the server: one in four of those that
    /// are left is kept for what is received and sent. Who comes when all places are taken waits outside, and silent
    /// connections make room soon.
    private static NetworkConnectionLimit connectionLimit(long descriptors, ServerConnector connector) {
        var limit = new NetworkConnectionLimit(mostConnections(descriptors), connector);
        limit.setEndPointIdleTimeout(IDLE_IN_A_CROWD.toMillis());
        return limit;
    }

    static int mostConnections(long descriptors) {
        return Math.toIntExact(Math.clamp((descriptors - OTHER_DESCRIPTORS) / 4 * 3, MIN_CONNECTIONS,
                MAX_CONNECTIONS));
    }

    public int port() {
        return port;
    }

    /// Where this process answers, as its own machine would ask.
    public URI uri() {
        var name = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        return URI.create("http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port);
    }

    /// Takes no more requests, ends event streams, lets running requests finish within the stop timeout.
    @Override
    public void close() {
        streams.close();
        try {
            jetty.stop();
        } catch (Exception e) {
            LOG.warn("not every request ended within the time to stop: {}", e.toString());
        }
        deadline.close();
        slowReaders.close();
    }

    private static HttpConfiguration configuration() {
        var http = new HttpConfiguration();
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setMaxResponseHeaderSize(MAX_HEADER_BYTES);
        http.setSendServerVersion(false);
        http.setHttpCompliance(HttpCompliance.from("RFC9110,-LF_HEADER_TERMINATION,-LF_CHUNK_TERMINATION"));
        http.setUriCompliance(UriCompliance.from(Set.of(UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT)));
        http.setRelativeRedirectAllowed(true);
        return http;
    }
}
