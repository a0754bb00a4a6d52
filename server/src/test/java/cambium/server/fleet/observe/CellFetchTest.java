package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.server.config.CellHosts;
import cambium.server.fleet.observe.CellFetch.Fetched;
import cambium.server.http.CheckedClient;
import cambium.server.http.TrustedCertificates;
import cambium.server.testing.TestCertificate;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellFetchTest {
    private static final String FORBIDDEN =
            "leads to an address where no cell may be; the setting --cell-hosts says where";

    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/",
        "http://[fe80::1]/", "http://[fd00:ec2::254]/", "http://224.0.0.1/"})
    void neverAsksWhatACloudTellsItsMachines(String address) throws Exception {
        try (var fetch = new CellFetch(CellHosts.ANY)) {
            assertEquals(new Fetched.Nothing(FORBIDDEN),
                    fetch.fetch(address));
        }
    }

    @Test
    void followsNoRedirectToElsewhere() throws Exception {
        var elsewhere = new AtomicInteger();
        var cell = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        cell.createContext("/health", exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
        });
        cell.createContext("/elsewhere", exchange -> {
            elsewhere.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
        });
        cell.start();
        try (var fetch = new CellFetch(CellHosts.ANY)) {
            assertEquals(new Fetched.Nothing("answers 302"),
                    fetch.fetch("http://127.0.0.1:" + cell.getAddress().getPort() + "/health"));
            assertEquals(0, elsewhere.get());
        } finally {
            cell.stop(0);
        }
    }

    @Test
    void believesNoCellWhoseCertificateHasEndedAndNamesAHostThatIsNotKnown(@TempDir Path folder) throws Exception {
        var ended = new TestCertificate(folder, -1);
        var trust = TrustedCertificates.context(Files.readAllBytes(ended.certificate()));
        try (var server = ended.server(); var fetch = new CellFetch(CellHosts.ANY, trust)) {
            assertEquals(new Fetched.Nothing("is not believed: " + ended.ended()), fetch.fetch(server.address()));
            assertEquals(0, server.asked().get());
            assertEquals(new Fetched.Nothing("has a host that is not known: cells.invalid"),
                    fetch.fetch("http://cells.invalid/health"));
        }
    }

    /// A name that leads to a cell when it is looked up first, and elsewhere a moment later.
    @Test
    void connectsToWhatItLookedAtHoweverTheNameChanges() throws Exception {
        var asked = new AtomicInteger();
        var cell = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        cell.createContext("/health", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
        });
        cell.start();
        var lookups = new AtomicInteger();
        CheckedClient.Lookup changing = _ -> List.of(InetAddress.ofLiteral(
                lookups.incrementAndGet() % 2 == 1 ? "127.0.0.1" : "127.0.0.2"));
        var hosts = new CellHosts(Set.of(), Set.of(new CellHosts.Network(InetAddress.ofLiteral("127.0.0.1"), 32)));
        try (var fetch = new CellFetch(hosts, changing)) {
            var address = "http://cell.test:" + cell.getAddress().getPort() + "/health";
            for (var look = 0; look < 3; look++) {
                assertEquals(new Fetched.Nothing("answers 204"), fetch.fetch(address));
                assertEquals(new Fetched.Nothing(FORBIDDEN), fetch.fetch(address));
            }
            assertEquals(3, asked.get());
            assertEquals(6, lookups.get(), "one for each connection, none between the check and the connection");
        } finally {
            cell.stop(0);
        }
    }
}
