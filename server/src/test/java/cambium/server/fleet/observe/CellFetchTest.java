package cambium.server.fleet.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import cambium.server.fleet.observe.CellFetch.Fetched;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellFetchTest {
    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/",
        "http://[fe80::1]/", "http://[fd00:ec2::254]/", "http://224.0.0.1/"})
    void neverAsksWhatACloudTellsItsMachines(String address) throws Exception {
        try (var fetch = new CellFetch()) {
            assertEquals(new Fetched.Nothing("leads to an address of the machine's own surroundings, where no cell is"),
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
        try (var fetch = new CellFetch()) {
            assertEquals(new Fetched.Nothing("answers 302"),
                    fetch.fetch("http://127.0.0.1:" + cell.getAddress().getPort() + "/health"));
            assertEquals(0, elsewhere.get());
        } finally {
            cell.stop(0);
        }
    }
}
