package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.PackageFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The apt of this machine reads what we serve, and is counted on what it saw.
final class AptTest {
    private static final RepositoryName SHOP = new RepositoryName("acme", "shop");

    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data.resolve("server"));
        server.create("acme", "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private PrivateApt apt(String name, String below) throws IOException {
        String key = server.http.get("/acme/shop/gpgkey").body();
        return new PrivateApt(data.resolve(name), key, server.http.uri("/acme/shop/" + below) + " bookworm main");
    }

    @Test
    void updatesAndDownloads() throws Exception {
        byte[] deb = TestDeb.of("hello", "2:1.0+b~1-7", "amd64");
        server.pushed("acme/shop", deb);
        server.pushed("acme/shop", TestDeb.of("docs", "1", "all"));
        server.settled();
        PrivateApt apt = apt("apt", "debian");
        String log = apt.update();
        assertTrue(log.contains("/by-hash/SHA256/"), "apt asks by hash");
        assertFalse(log.contains("main/binary-amd64/Packages.xz "), log);
        assertEquals(2, apt.packagesSeen());
        assertArrayEquals(deb, Files.readAllBytes(apt.download("hello")));
        assertTrue(apt.run("apt-cache", "policy").text().contains(
            "v=1,o=packages.example.org/acme/shop,a=bookworm,n=bookworm,l=shop,c=main,b=amd64"));
    }

    @Test
    void followsUpdatesAndRemovals() throws Exception {
        PrivateApt apt = null;
        for (int i = 0; i < 9; i++) {
            server.pushed("acme/shop", TestDeb.of("pkg" + i, "1." + i, "amd64"));
            server.settled();
            apt = apt == null ? apt("apt", "debian") : apt;
            apt.update();
            assertEquals(i + 1, apt.packagesSeen());
        }
        server.send(server.authorized("/api/v1/repos/acme/shop/debian/bookworm/pkg3_1.3_amd64.deb").DELETE());
        server.settled();
        apt.update();
        assertEquals(8, apt.packagesSeen());
    }

    @Test
    void updatesWhilePackagesArePushed() throws Exception {
        server.pushed("acme/shop", TestDeb.of("first", "1", "amd64"));
        server.settled();
        PrivateApt apt = apt("apt", "debian");
        var pushing = new AtomicBoolean(true);
        Thread pusher = Thread.ofVirtual().start(() -> {
            for (int i = 0; pushing.get(); i++) {
                server.pushed("acme/shop", TestDeb.of("more" + i, "1", "amd64"));
            }
        });
        long before = 0;
        for (int i = 0; i < 15; i++) {
            apt.update();
            long seen = apt.packagesSeen();
            assertTrue(seen >= Math.max(1, before), "never fewer than before");
            before = seen;
        }
        pushing.set(false);
        pusher.join();
        server.settled();
        apt.update();
        assertEquals(server.count("select count(*) from package"), apt.packagesSeen());
    }

    @Test
    void readsARingsChannel() throws Exception {
        KnownSuite bookworm = new KnownSuite(215, "debian", "bookworm", PackageFamily.APT);
        RingChannels rings = server.feature.rings();
        assertTrue(rings.open(SHOP, bookworm, 0));
        server.settled();
        PrivateApt ring = apt("ring", "rings/0/debian");
        ring.update();
        assertEquals(0, ring.packagesSeen());
        byte[] first = TestDeb.of("hello", "1", "amd64");
        byte[] second = TestDeb.of("world", "2", "amd64");
        server.pushed("acme/shop", first);
        server.pushed("acme/shop", second);
        server.settled();
        rings.admit(SHOP, bookworm, 0, List.of(ClosureChecker.sha256(first)));
        server.settled();
        ring.update();
        assertEquals(1, ring.packagesSeen());
        assertArrayEquals(first, Files.readAllBytes(ring.download("hello")));
        PrivateApt all = apt("all", "debian");
        all.update();
        assertEquals(2, all.packagesSeen());
    }

    @Test
    void refusesAnotherRepositorysKey() throws Exception {
        server.pushed("acme/shop", TestDeb.of("hello", "1", "amd64"));
        server.create("acme", "other");
        server.settled();
        String key = server.http.get("/acme/other/gpgkey").body();
        assertNotEquals(key, server.http.get("/acme/shop/gpgkey").body());
        var apt = new PrivateApt(data.resolve("apt"), key, server.http.uri("/acme/shop/debian") + " bookworm main");
        var outcome = apt.run("apt-get", "update");
        assertTrue(outcome.text().contains("NO_PUBKEY") || outcome.text().contains("not signed")
            || outcome.text().contains("BADSIG"), outcome.text());
        assertEquals(0, apt.packagesSeen());
    }
}
