package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.delivery.Delivery;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeliveryTest {
    private static final byte[] DEB = TestDeb.of("g++-tool", "1:1.0+b~2-1", "amd64");
    private static final String FILE = "g++-tool_1.0+b~2-1_amd64.deb";

    @TempDir
    Path data;

    private final MovableClock clock = new MovableClock();
    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data, clock);
        server.create("acme", "shop");
        server.pushed("acme/shop", DEB);
        server.settled();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String location() {
        var answer = server.http.get("/acme/shop/debian/pool/bookworm/main/g/g++-tool/" + FILE);
        assertEquals(302, answer.statusCode());
        assertEquals("private, no-store", answer.headers().firstValue("Cache-Control").orElseThrow());
        return answer.headers().firstValue("Location").orElseThrow();
    }

    @Test
    void leadsToASignedAddressOfThisServer() throws Exception {
        String location = location();
        assertTrue(location.startsWith("/blobs/"), "relative, whatever Host says: " + location);
        var answer = server.bytes(location);
        assertEquals(200, answer.statusCode());
        assertArrayEquals(DEB, answer.body());
        assertEquals("attachment; filename=\"" + FILE + "\"",
            answer.headers().firstValue("Content-Disposition").orElseThrow());
        assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElseThrow());
        var part = server.bytes(server.http.request(location, "Range", "bytes=10-19"));
        assertEquals(206, part.statusCode());
        assertArrayEquals(Arrays.copyOfRange(DEB, 10, 20), part.body());
        var head = server.bytes(server.http.request(location).method("HEAD", BodyPublishers.noBody()));
        assertEquals(Integer.toString(DEB.length), head.headers().firstValue("Content-Length").orElseThrow());
        assertEquals(405, server.bytes(server.http.request(location).DELETE()).statusCode());
    }

    @Test
    void refusesAnAlteredOrExpiredAddress() throws Exception {
        String location = location();
        int expires = location.indexOf("expires=") + "expires=".length();
        String digest = location.substring("/blobs/".length(), "/blobs/".length() + 64);
        for (String altered : List.of(location.substring(0, location.indexOf('?')), location + "0",
            location.substring(0, expires) + "9" + location.substring(expires + 1),
            location.substring(0, location.length() - 1) + (location.endsWith("0") ? "1" : "0"),
            location.replace("amd64.deb", "arm64.deb"), location.replace(digest, "0".repeat(64)),
            location.replace(digest, "..%2e"), location.replaceAll("expires=\\d+", "expires=-1"))) {
            int status = server.bytes(altered).statusCode();
            assertTrue(status == 403 || altered.contains("%2e") && status == 400, altered + " " + status);
        }
        assertEquals(200, server.bytes(location).statusCode());
        clock.move(Delivery.VALIDITY.plusSeconds(2));
        assertEquals(403, server.bytes(location).statusCode());
        assertEquals(200, server.bytes(location()).statusCode(), "a new address is valid again");
    }

    @Test
    void keepsTheHardCodedDownloadAddressesAlive() throws Exception {
        for (String end : List.of("/download", "/download.deb", "/download.deb?distro_version_id=215")) {
            for (String suite : List.of("debian/bookworm", "debian/12")) {
                var answer = server.http.get("/acme/shop/packages/" + suite + "/" + FILE + end);
                assertEquals(302, answer.statusCode());
                assertArrayEquals(DEB, server.bytes(answer.headers().firstValue("Location").orElseThrow()).body());
            }
        }
        assertEquals(404, server.http.get("/acme/shop/packages/debian/trixie/" + FILE + "/download").statusCode());
    }

    @Test
    void servesAWithdrawnPackageToOldIndexesForADay() {
        server.delete("acme/shop/debian/bookworm/" + FILE);
        server.settled();
        assertEquals(404, server.http.get("/acme/shop/packages/debian/bookworm/" + FILE + "/download").statusCode());
        location();
        clock.move(Duration.ofHours(25));
        assertEquals(404, server.http.get("/acme/shop/debian/pool/bookworm/main/g/g++-tool/" + FILE).statusCode());
    }
}
