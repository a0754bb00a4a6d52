package cambium.server.fleet.observe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/// Fetches one address of a cell. Whatever the other side does, it ends within `MAX_WAIT` and holds at most
/// `MAX_BYTES`; redirects are not followed, so that a cell cannot send the server elsewhere.
final class CellFetch implements AutoCloseable {
    static final Duration MAX_WAIT = Duration.ofSeconds(2);
    static final int MAX_BYTES = 1 << 20;
    private static final int OK = 200;
    private static final String METADATA_OF_IPV6 = "fd00:ec2:0:0:0:0:0:254";

    private final HttpClient client;

    CellFetch() {
        client = builder().build();
    }

    /// Trusts other certificates than the system does.
    CellFetch(SSLContext trust) {
        client = builder().sslContext(trust).build();
    }

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(MAX_WAIT)
                .executor(Executors.newVirtualThreadPerTaskExecutor());
    }

    /// An address, and how much of what it answers is taken at most.
    record Wanted(String address, int maxBytes, Duration maxWait, Optional<String> authorization) {
        Wanted(String address, int maxBytes, Duration maxWait) {
            this(address, maxBytes, maxWait, Optional.empty());
        }

        Wanted as(Optional<String> other) {
            return new Wanted(address, maxBytes, maxWait, other);
        }
    }

    sealed interface Fetched {
        record Body(byte[] bytes) implements Fetched {}

        record Nothing(String reason) implements Fetched {}
    }

    Fetched fetch(String address) throws InterruptedException {
        return fetch(new Wanted(address, MAX_BYTES, MAX_WAIT));
    }

    Fetched fetch(Wanted wanted) throws InterruptedException {
        if (isForbidden(URI.create(wanted.address()).getHost())) {
            return new Fetched.Nothing("leads to an address of the machine's own surroundings, where no cell is");
        }
        var request = HttpRequest.newBuilder(URI.create(wanted.address())).timeout(wanted.maxWait())
                .header("User-Agent", "cambium").header("Accept-Encoding", "identity").GET();
        wanted.authorization().ifPresent(credentials -> request.header("Authorization", credentials));
        var body = HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), wanted.maxBytes());
        var answer = client.sendAsync(request.build(), body);
        try {
            var response = answer.get(wanted.maxWait().toMillis(), TimeUnit.MILLISECONDS);
            return response.statusCode() == OK
                    ? new Fetched.Body(response.body())
                    : new Fetched.Nothing("answers " + response.statusCode());
        } catch (TimeoutException late) {
            return new Fetched.Nothing(late(wanted));
        } catch (ExecutionException failed) {
            return new Fetched.Nothing(reason(wanted, failed.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    private static String late(Wanted wanted) {
        return "does not answer within " + wanted.maxWait().toSeconds() + " s";
    }

    /// Cells live on private networks and on this machine; where a cloud tells its machines their secrets none does.
    /// The connection is made to what was looked at, which Java remembers for half a minute.
    private static boolean isForbidden(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host)).anyMatch(address -> address.isLinkLocalAddress()
                    || address.isMulticastAddress() || address.getHostAddress().equals(METADATA_OF_IPV6));
        } catch (UnknownHostException unknown) {
            return false;   // the fetch says so
        }
    }

    private static String reason(Wanted wanted, Throwable cause) {
        return switch (cause) {
            case ConnectException _ -> "refuses the connection";
            case HttpTimeoutException _ -> late(wanted);
            case IOException io when String.valueOf(io.getMessage()).contains("capacity") ->
                "answers more than " + wanted.maxBytes() + " bytes";
            default -> "cannot be read: " + cause.getClass().getSimpleName();
        };
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
