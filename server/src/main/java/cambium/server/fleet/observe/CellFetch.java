package cambium.server.fleet.observe;

import cambium.server.config.CellHosts;
import cambium.server.config.Descriptors;
import cambium.server.http.CheckedClient;
import cambium.server.http.TrustedCertificates;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// Fetches one address of a cell. Whatever the other side does, it ends within `MAX_WAIT` and holds at most
/// `MAX_BYTES`; redirects are not followed, so that a cell cannot send the server elsewhere.
final class CellFetch implements AutoCloseable {
    static final Duration MAX_WAIT = Duration.ofSeconds(2);
    static final int MAX_BYTES = 1 << 20;
    private static final int OK = 200;
    private static final int AT_ONCE = 64;
    private static final Duration MAX_IDLE = Duration.ofSeconds(10);

    private final CheckedClient client;

    CellFetch(CellHosts hosts) {
        this(hosts, CheckedClient::system);
    }

    CellFetch(CellHosts hosts, CheckedClient.Lookup lookup) {
        this.client = new CheckedClient(hosts::allows, lookup, MAX_WAIT, MAX_IDLE, AT_ONCE);
    }

    /// Trusts other certificates than the system does.
    CellFetch(CellHosts hosts, SSLContext trust) {
        this.client = CheckedClient.trusting(trust, hosts::allows, MAX_IDLE, AT_ONCE);
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

    /// This process cannot ask anybody anything: what it asks for is as it was.
    static final class Unable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unable(Throwable cause) {
            super("no file descriptors are left", cause);
        }
    }

    Fetched fetch(String address) throws InterruptedException {
        return fetch(new Wanted(address, MAX_BYTES, MAX_WAIT));
    }

    Fetched fetch(Wanted wanted) throws InterruptedException {
        var headers = wanted.authorization().map(credentials -> Map.of("Authorization", credentials)).orElse(Map.of());
        try {
            var got = client.get(URI.create(wanted.address()), headers, wanted.maxWait(), wanted.maxBytes());
            return got.status() == OK ? new Fetched.Body(got.body()) : new Fetched.Nothing("answers " + got.status());
        } catch (IOException failed) {
            if (Descriptors.isLackOf(failed) || failed instanceof UnknownHostException && !Descriptors.areLeft()) {
                throw new Unable(failed);
            }
            return new Fetched.Nothing(reason(wanted, failed));
        }
    }

    private static String reason(Wanted wanted, IOException cause) {
        return switch (cause) {
            case CheckedClient.Forbidden _ ->
                "leads to an address where no cell may be; the setting --cell-hosts says where";
            case CheckedClient.TooLarge _ -> "answers more than " + wanted.maxBytes() + " bytes";
            case UnknownHostException unknown -> "has a host that is not known: " + unknown.getMessage();
            case ConnectException _ -> "refuses the connection";
            case SocketTimeoutException _ -> "does not answer within " + wanted.maxWait().toSeconds() + " s";
            case SSLException tls -> TrustedCertificates.told(tls).map(ended -> "is not believed: " + ended)
                    .orElse("shows no certificate that is trusted, or speaks no TLS");
            default -> "cannot be read: "
                    + (cause.getCause() == null ? cause : cause.getCause()).getClass().getSimpleName();
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
