package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollectorTest {
    @TempDir
    Path data;

    private final MovableClock clock = new MovableClock();
    private RepositoryServer server;
    private Collector collector;
    private ClosureChecker closure;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data, clock);
        server.create("acme", "shop");
        collector = new Collector(server.database, server.blobs, clock);
        closure = new ClosureChecker(server, "/acme/shop/debian");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String publish(int number) {
        server.pushed("acme/shop", TestDeb.of("pkg" + number, "1", "amd64"));
        server.settled();
        return server.http.get("/acme/shop/debian/dists/bookworm/Release").body().lines()
            .filter(line -> line.endsWith("Packages.xz")).findFirst().orElseThrow().strip().split(" ")[0];
    }

    private int byHash(String sha256) {
        return server.http.get("/acme/shop/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/" + sha256)
            .statusCode();
    }

    private long files() throws Exception {
        try (Stream<Path> files = Files.walk(data.resolve("blobs"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void keepsADayAndAtLeastThreeGenerations() throws Exception {
        var hashes = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            hashes.add(publish(i));
        }
        long before = files();
        assertEquals(0, collector.collect());
        for (String hash : hashes) {
            assertEquals(200, byHash(hash));
        }
        clock.move(Duration.ofHours(25));
        assertTrue(collector.collect() > 0);
        assertTrue(files() < before);
        for (int i = 7; i < 10; i++) {
            assertEquals(200, byHash(hashes.get(i)), "generation " + i);
        }
        assertEquals(404, byHash(hashes.get(0)));
        assertEquals(10, closure.check("bookworm", "amd64").size());
        assertEquals(11, closureAfterAnother());
    }

    private int closureAfterAnother() throws Exception {
        publish(10);
        return closure.check("bookworm", "amd64").size();
    }

    @Test
    void freesAWithdrawnPackageAfterADayAndTakesItBack() throws Exception {
        publish(1);
        publish(2);
        server.delete("acme/shop/debian/bookworm/pkg1_1_amd64.deb");
        server.settled();
        collector.collect();
        String blob = ClosureChecker.sha256(TestDeb.of("pkg1", "1", "amd64"));
        Path file = data.resolve("blobs").resolve(blob.substring(0, 2)).resolve(blob);
        assertTrue(Files.exists(file));
        clock.move(Duration.ofHours(25));
        collector.collect();
        assertTrue(Files.notExists(file));
        assertEquals(List.of("pkg2_1_amd64.deb"), closure.check("bookworm", "amd64"));
        publish(1);
        assertTrue(Files.exists(file));
        assertEquals(List.of("pkg2_1_amd64.deb", "pkg1_1_amd64.deb"), closure.check("bookworm", "amd64"));
    }

    @Test
    void deletesNothingWhileBlobsAreBeingNamed() {
        publish(1);
        clock.move(Duration.ofHours(50));
        server.delete("acme/shop/debian/bookworm/pkg1_1_amd64.deb");
        server.settled();
        clock.move(Duration.ofHours(50));
        int freed = server.database.transact(sql -> {
            BlobRows.holdCollector(sql);
            return collector.collect();
        });
        assertEquals(0, freed);
        assertTrue(collector.collect() > 0);
    }
}
