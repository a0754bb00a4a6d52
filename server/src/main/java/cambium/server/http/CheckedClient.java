package cambium.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// An HTTP client that connects only where a rule of host and address allows it. A name is looked up once for each
/// connection, and that connection is made to what was looked at: a name that leads elsewhere a moment later changes
/// nothing. No redirect is followed, no cookie kept, nothing unpacked. A request fails with [Forbidden] where no
/// address of the host is allowed. It starts with the first request; after its end none begins.
public final class CheckedClient implements AutoCloseable {
    private final HttpClient client;
    private final SslContextFactory.Client tls = new SslContextFactory.Client();
    private final Supplier<SSLContext> trust;
    private boolean closed;

    /// Where names lead to; tests have their own.
    public interface Lookup {
        List<InetAddress> of(String host) throws UnknownHostException;
    }

    /// No address of the host is allowed.
    public static final class Forbidden extends IOException {
        private static final long serialVersionUID = 1;

        Forbidden(String host) {
            super(host + " leads to no address that is allowed");
        }
    }

    /// @param rule whether that host may be connected to at that address
    /// @param atOnce connections to each host
    public CheckedClient(BiPredicate<String, InetAddress> rule, Lookup lookup, Duration maxConnect, Duration maxIdle,
            int atOnce) {
        this(rule, lookup, maxConnect, maxIdle, atOnce, TrustedCertificates::system);
    }

    /// Trusts other certificates than the system does.
    public static CheckedClient trusting(SSLContext trust, BiPredicate<String, InetAddress> rule, Duration maxWait,
            int atOnce) {
        return new CheckedClient(rule, CheckedClient::system, maxWait, maxWait, atOnce, () -> trust);
    }

    private CheckedClient(BiPredicate<String, InetAddress> rule, Lookup lookup, Duration maxConnect, Duration maxIdle,
            int atOnce, Supplier<SSLContext> trust) {
        this.trust = trust;
        var connector = new ClientConnector();
        connector.setSslContextFactory(tls);
        client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        client.setExecutor(new VirtualThreadPool());
        client.setFollowRedirects(false);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setConnectTimeout(maxConnect.toMillis());
        client.setIdleTimeout(maxIdle.toMillis());
        client.setMaxConnectionsPerDestination(atOnce);
        client.setSocketAddressResolver(resolver(rule, lookup));
    }

    /// As the machine looks names up.
    public static List<InetAddress> system(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host));
    }

    /// A whole answer.
    public record Got(int status, byte[] body) {}

    /// An answer may hold more bytes than are read.
    public static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;

        TooLarge(int maxBytes) {
            super("the answer has more than " + maxBytes + " bytes");
        }
    }

    /// Gets on a connection of its own, so that none is used that the other side is just closing.
    /// [SocketTimeoutException] when the whole takes longer than `maxWait`.
    public Got get(URI target, Map<String, String> headers, Duration maxWait, int maxBytes) throws IOException,
            InterruptedException {
        var request = request("GET", target).timeout(maxWait.toMillis(), TimeUnit.MILLISECONDS)
            .headers(fields -> {
                fields.put("User-Agent", "cambium").put("Accept-Encoding", "identity").put("Connection", "close");
                headers.forEach(fields::put);
            });
        try {
            var response = new CompletableResponseListener(request, maxBytes).send()
                .get(maxWait.toMillis(), TimeUnit.MILLISECONDS);
            return new Got(response.getStatus(), response.getContent());
        } catch (TimeoutException late) {
            request.abort(late);
            throw new SocketTimeoutException("no answer in time");
        } catch (ExecutionException failed) {
            throw switch (failed.getCause()) {
                case IOException broken -> broken;
                case TimeoutException _ -> new SocketTimeoutException("no answer in time");
                case IllegalArgumentException large when String.valueOf(large.getMessage()).contains("capacity") ->
                    new TooLarge(maxBytes);
                default -> new IOException(failed.getCause());
            };
        }
    }

    Request request(String method, URI target) {
        startOnce();
        return client.newRequest(target).method(method);
    }

    /// Looking up may take longer than the request may; it must not hold up who waits.
    private static SocketAddressResolver resolver(BiPredicate<String, InetAddress> rule, Lookup lookup) {
        return new SocketAddressResolver() {
            @Override
            public void resolve(String host, int port, Map<String, Object> context,
                    Promise<List<InetSocketAddress>> promise) {
                Thread.startVirtualThread(() -> {
                    try {
                        promise.succeeded(allowed(host, lookup.of(host).stream(), rule)
                            .map(address -> new InetSocketAddress(address, port)).toList());
                    } catch (UnknownHostException unknown) {
                        promise.failed(new UnknownHostException(host));
                    } catch (IOException none) {
                        promise.failed(none);
                    }
                });
            }
        };
    }

    private static Stream<InetAddress> allowed(String host, Stream<InetAddress> found,
            BiPredicate<String, InetAddress> rule) throws Forbidden {
        List<InetAddress> allowed = found.filter(address -> rule.test(host, address)).toList();
        if (allowed.isEmpty()) {
            throw new Forbidden(host);
        }
        return allowed.stream();
    }

    private synchronized void startOnce() {
        if (closed || client.isStarted()) {
            return;
        }
        try {
            tls.setSslContext(trust.get());
            client.start();
            client.getContentDecoderFactories().clear();
        } catch (Exception broken) {
            throw new IllegalStateException("the HTTP client does not start", broken);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            client.stop();
        } catch (Exception broken) {
            throw new IllegalStateException("the HTTP client does not stop", broken);
        }
    }
}
