package cambium.server.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;

/// Posts to addresses that people of the API have chosen. Names are resolved here, and only public addresses are
/// connected to, so that nobody can make the server talk to its own network; hosts that the administrator allows are
/// taken as they are. Redirects are not followed. Each post ends within [#MAX_WAIT].
public final class OutgoingPosts implements AutoCloseable {
    static final Duration MAX_WAIT = Duration.ofSeconds(15);
    private static final Duration MAX_CONNECT = Duration.ofSeconds(5);
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final int MAX_URL_CHARACTERS = 2048;

    private final Set<String> allowedHosts;
    private final String hint;
    private final CheckedClient client;

    /// @param allowedHosts names or addresses, in lower case, that may be private
    public OutgoingPosts(Set<String> allowedHosts) {
        this(allowedHosts, 2, "the setting --webhook-hosts allows others");
    }

    /// @param atOnce connections to each host
    /// @param hint tells how an address that is not public could be allowed
    public OutgoingPosts(Set<String> allowedHosts, int atOnce, String hint) {
        this.allowedHosts = Set.copyOf(allowedHosts);
        this.hint = hint;
        this.client = new CheckedClient(this::isAllowed, CheckedClient::system, MAX_CONNECT, MAX_WAIT, atOnce);
    }

    /// To addresses that the administrator chose, wherever the client may connect.
    public OutgoingPosts(CheckedClient client) {
        this.allowedHosts = Set.of();
        this.hint = "an administrator may choose another";
        this.client = client;
    }

    /// What became of a post.
    public sealed interface Outcome {
        record Answered(int status) implements Outcome {}

        record Failed(String reason) implements Outcome {}
    }

    /// What became of an exchange.
    public sealed interface Exchange {
        record Answered(int status, byte[] body) implements Exchange {}

        /// Nothing was asked: no connection was made.
        record NotSent(String reason) implements Exchange {}

        /// It was asked, and the answer was lost: nobody can tell what it did.
        record Unknown(String reason) implements Exchange {}
    }

    /// Why this cannot be posted to; whether its name leads to a public address is seen when it is connected to.
    public Optional<String> problem(String url) {
        if (url.length() > MAX_URL_CHARACTERS) {
            return Optional.of("an address has at most " + MAX_URL_CHARACTERS + " characters");
        }
        try {
            var uri = new URI(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("https") && !scheme.equals("http")) {
                return Optional.of("an address begins with https:// or http://");
            }
            if (uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
                return Optional.of("an address has a host, and no user and no fragment");
            }
            return isLiteral(uri.getHost()) && !isAllowed(uri.getHost(), InetAddress.getByName(uri.getHost()))
                ? Optional.of("this is no public address") : Optional.empty();
        } catch (URISyntaxException | UnknownHostException malformed) {
            return Optional.of("this is not an address");
        }
    }

    /// An address that is written in digits, in any of the ways that a resolver would take for one.
    private static boolean isLiteral(String host) {
        return host.startsWith("[") || host.matches("(?i)[0-9.]+|0x[0-9a-f.x]+") || host.equalsIgnoreCase("localhost");
    }

    public Outcome post(URI target, Map<String, String> headers, byte[] body) throws InterruptedException {
        try {
            var request = client.request("POST", target).timeout(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)
                .headers(fields -> headers.forEach(fields::put))
                .body(new BytesRequestContent("application/json", body));
            return new Outcome.Answered(request.send().getStatus());
        } catch (TimeoutException late) {
            return new Outcome.Failed("did not answer within " + MAX_WAIT.toSeconds() + " s");
        } catch (ExecutionException failed) {
            return new Outcome.Failed(reason(failed.getCause()));
        }
    }

    /// Asks on a connection of its own, so that none is used that the other side is just closing.
    public Exchange exchange(String method, URI target, Map<String, String> headers, byte[] body)
            throws InterruptedException {
        var request = client.request(method, target).timeout(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)
            .headers(fields -> {
                headers.forEach(fields::put);
                fields.put("Connection", "close");
            });
        if (body.length > 0) {
            request.body(new BytesRequestContent(headers.getOrDefault("Content-Type", "application/json"), body));
        }
        var begun = new AtomicBoolean();
        request.onRequestBegin(_ -> begun.set(true));
        try {
            var response = new CompletableResponseListener(request, MAX_ANSWER_BYTES).send().get();
            return new Exchange.Answered(response.getStatus(), response.getContent());
        } catch (ExecutionException failed) {
            var reason = reason(failed.getCause());
            return begun.get() && !TrustedCertificates.refused(failed) ? new Exchange.Unknown(reason)
                : new Exchange.NotSent(reason);
        }
    }

    private String reason(Throwable cause) {
        return switch (cause) {
            case CheckedClient.Forbidden _ -> "the host leads to no public address; " + hint;
            case UnknownHostException unknown -> "the host " + unknown.getMessage() + " is not known";
            case java.net.ConnectException _ -> "the connection was refused";
            case TimeoutException _, java.net.SocketTimeoutException _ -> "did not answer in time";
            case SSLException tls -> TrustedCertificates.told(tls)
                .orElse("the host shows no certificate that is trusted, or speaks no TLS");
            default -> "the connection failed: " + cause.getClass().getSimpleName();
        };
    }

    /// Where a cloud tells its machines their secrets is never meant.
    private boolean isAllowed(String host, InetAddress address) {
        String name = host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        return allowedHosts.contains(name) ? !address.isLinkLocalAddress() && !address.isMulticastAddress()
            : isPublic(address);
    }

    /// Not of this machine, its networks, carriers' private networks, documentation, or several receivers.
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isLinkLocalAddress()
                || address.isSiteLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        int[] bytes = new int[address.getAddress().length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = address.getAddress()[i] & 0xff;
        }
        return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes);
    }

    private static boolean isPublic4(int[] bytes) {
        boolean shared = bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        boolean special = bytes[0] == 192 && bytes[1] == 0 || bytes[0] == 198 && (bytes[1] & 0xfe) == 18
            || bytes[0] == 198 && bytes[1] == 51 && bytes[2] == 100 || bytes[0] == 203 && bytes[1] == 0
            && bytes[2] == 113;
        return bytes[0] != 0 && bytes[0] < 224 && !shared && !special;
    }

    /// Only what is routed globally now (2000::/3), without the forms that carry an IPv4 address inside.
    private static boolean isPublic6(int[] bytes) {
        boolean global = (bytes[0] & 0xe0) == 0x20;
        boolean carrier = Stream.of(new int[] {0x20, 0x02}, new int[] {0x20, 0x01, 0x00, 0x00})
            .anyMatch(prefix -> java.util.Arrays.equals(prefix, java.util.Arrays.copyOf(bytes, prefix.length)));
        boolean documentation = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8;
        return global && !carrier && !documentation;
    }

    @Override
    public void close() {
        client.close();
    }
}
