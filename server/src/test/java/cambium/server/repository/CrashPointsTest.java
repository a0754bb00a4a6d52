package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.TarBytes;
import cambium.server.blob.BlobStore;
import cambium.server.repository.DyingSteps.Crash;
import cambium.server.testing.SteppedBlobStore;
import cambium.server.testing.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process dies before and after each write to the blob store: receiving, storing, publishing and collecting. The
/// next one on the same database and folder finds all that was acknowledged, and nothing half. Half-received files, and
/// deaths around a commit of the database, are for the tests that kill real processes: [KilledProcessTest].
final class CrashPointsTest {
    private static final int MORE_CRASHES = 40;
    private static final int BETWEEN_WALKS = 8;

    @TempDir
    Path data;

    /// For the collector, to which everything is old.
    private final InstantSource later = () -> Instant.now().plus(Duration.ofHours(30));
    private final TreeSet<String> acknowledged = new TreeSet<>();
    private final TreeSet<String> uncertain = new TreeSet<>();
    private final AtomicInteger number = new AtomicInteger();

    private final DyingSteps process = new DyingSteps(Integer.MAX_VALUE);
    private BlobStore store;
    private RepositoryServer server;

    /// One server takes the place of all the processes, since starting one takes longer than its life here: it keeps
    /// nothing that is not read again, and its publisher is a new one each time.
    @BeforeEach
    void start() {
        server = RepositoryServer.over(TestDatabase.fresh(), data, InstantSource.system(),
            folder -> store = new SteppedBlobStore(folder, process));
        server.create("acme", "shop");
        server.pushed("acme/shop", TestDeb.of("base", "1", "amd64"));
        acknowledged.add("base_1_amd64.deb");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyPointOfAPushAPublicationAndACollectionIsSafe() throws Exception {
        assertFalse(workUntilDead(Integer.MAX_VALUE), "a round that is left alone ends");
        int points = process.taken();
        assertTrue(points > 20, "only " + points + " points in a round");
        for (int point = 0; point < points; point++) {
            assertTrue(workUntilDead(point), "it dies at point " + point);
            checkAfterRestart(point % BETWEEN_WALKS == 0);
        }
        checkAfterRestart(true);
    }

    @Test
    void soIsACrashWhileRecoveringFromACrash() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        try {
            for (int i = 0; i < MORE_CRASHES; i++) {
                workUntilDead(random.nextInt(30));
                if (i % 10 == 9) {
                    checkAfterRestart(false);
                }
            }
            checkAfterRestart(true);
        } catch (Throwable failed) {
            throw new AssertionError("seed " + seed, failed);
        }
    }

    /// Three pushes, an import, two publications, a withdrawal, a collection. True when it died on the way.
    private boolean workUntilDead(int steps) {
        process.revive(steps);
        push("amd64");
        push("all");
        push("amd64");
        bringMany();
        publish();
        withdraw();
        publish();
        try {
            new Collector(server.database, store, later).collect();
            new UnnamedBlobs(server.database, store, later).sweep(UnnamedBlobs.FOLDERS);
        } catch (Crash dead) {
            return true;
        }
        return process.isDead();
    }

    private void push(String architecture) {
        String name = "pkg" + number.incrementAndGet();
        String filename = name + "_1_" + architecture + ".deb";
        if (server.push("acme/shop", TestDeb.of(name, "1", architecture)).statusCode() == 201) {
            acknowledged.add(filename);
        } else {
            uncertain.add(filename);
        }
    }

    /// What has a line in the answer is acknowledged, whether or not the answer is whole.
    private void bringMany() {
        var tar = new TarBytes();
        for (int i = 0; i < 3; i++) {
            String name = "bulk" + number.incrementAndGet();
            tar.file(name, TestDeb.of(name, "1", "amd64"));
            uncertain.add(name + "_1_amd64.deb");
        }
        String answer = server.send(server.authorized("/api/v1/repos/acme/shop/packages/import?distro_version_id="
            + RepositoryServer.BOOKWORM).POST(BodyPublishers.ofByteArray(tar.toBytes()))).body();
        Pattern.compile("\"received\",\"filename\":\"([^\"]+)\"").matcher(answer).results()
            .map(line -> line.group(1)).forEach(acknowledged::add);
    }

    private void withdraw() {
        String filename = acknowledged.last();
        if (!filename.startsWith("base") && server.send(server.authorized(
                "/api/v1/repos/acme/shop/debian/bookworm/" + filename).DELETE()).statusCode() == 200) {
            acknowledged.remove(filename);
        }
    }

    private void publish() {
        try {
            server.publisher(store).publish(server.mainChannel());
        } catch (Crash dead) {
            // The next process goes on.
        }
    }

    /// @param walk whether everything that the root names is fetched and hashed, too
    private void checkAfterRestart(boolean walk) throws Exception {
        process.revive(Integer.MAX_VALUE);
        publish();
        publish();
        List<String> visible = walk ? new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64")
            : listed();
        assertTrue(visible.containsAll(acknowledged), () -> "lost: " + missing(visible));
        assertTrue(Stream.concat(acknowledged.stream(), uncertain.stream()).toList().containsAll(visible));
        assertEquals(visible.size(), new TreeSet<>(visible).size(), "none twice");
        assertEquals(0, server.count("select count(*) from package where state in ('pending', 'failed')"));
        assertEquals(0, server.count("select count(*) from (select f.sha256 from package_file f join package p "
            + "on p.id = f.package_id where p.deleted_at is null union select pack_sha256 from chunk_in_view) named "
            + "where sha256 <> all(string_to_array('" + String.join(",", files("blobs")) + "', ','))"));
    }

    private List<String> listed() throws Exception {
        byte[] index = server.bytes("/acme/shop/debian/dists/bookworm/main/binary-amd64/Packages").body();
        return new String(index, StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("Filename: "))
            .map(line -> line.substring(line.lastIndexOf('/') + 1)).toList();
    }

    private List<String> missing(List<String> visible) {
        var missing = new ArrayList<>(acknowledged);
        missing.removeAll(visible);
        return missing;
    }

    private List<String> files(String folder) throws Exception {
        try (Stream<Path> files = Files.walk(data.resolve(folder))) {
            return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
        }
    }
}
