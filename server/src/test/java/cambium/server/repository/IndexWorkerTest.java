package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.blob.Staging;
import cambium.server.testing.Eventually;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexWorkerTest {
    @TempDir
    Path data;

    private RepositoryServer server;
    private ClosureChecker closure;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, InstantSource.system());
        server.create("acme", "shop");
        closure = new ClosureChecker(server, "/acme/shop/debian");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void makesOneGenerationOfAllThatWaits() throws Exception {
        for (int i = 0; i < 20; i++) {
            server.pushed("acme/shop", TestDeb.of("pkg" + i, "1", "amd64"));
        }
        assertInstanceOf(ChannelPublisher.Outcome.Published.class,
            server.publisher(server.blobs).publish(server.mainChannel()));
        assertInstanceOf(ChannelPublisher.Outcome.Idle.class,
            server.publisher(server.blobs).publish(server.mainChannel()));
        assertEquals(1, server.count("select generation from channel"));
        assertEquals(20, closure.check("bookworm", "amd64").size());
    }

    @Test
    void racingWorkersNeverPublishOverEachOther() throws Exception {
        int packages = 60;
        server.pushed("acme/shop", TestDeb.of("first", "1", "amd64"));
        server.publisher(server.blobs).publish(server.mainChannel());
        var open = new AtomicBoolean(true);
        long channel = server.mainChannel();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var workers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 4; i++) {
                ChannelPublisher publisher = server.publisher(server.blobs);
                workers.add(threads.submit(() -> {
                    int published = 0;
                    while (open.get()) {
                        published += publisher.publish(channel) instanceof ChannelPublisher.Outcome.Published ? 1 : 0;
                    }
                    return published;
                }));
            }
            Future<Boolean> reader = threads.submit(() -> rootsNeverGoBack(open));
            for (int i = 0; i < packages; i++) {
                server.pushed("acme/shop", TestDeb.of("pkg" + i, "1", i % 3 == 0 ? "all" : "amd64"));
            }
            server.settled();
            open.set(false);
            int published = 1;
            for (Future<Integer> worker : workers) {
                published += worker.get();
            }
            assertTrue(reader.get());
            assertEquals(published, server.count("select generation from channel"), "every generation has one maker");
            assertEquals(published, server.count("select count(*) from channel_generation"));
        }
        List<String> files = closure.check("bookworm", "amd64");
        assertEquals(packages + 1, files.size());
        assertEquals(packages + 1, files.stream().distinct().count());
        assertEquals(packages + 1, server.count("select count(distinct place) from admission"));
    }

    private boolean rootsNeverGoBack(AtomicBoolean open) {
        long size = 0;
        while (open.get()) {
            String release = server.http.get("/acme/shop/debian/dists/bookworm/Release").body();
            long now = release.lines().filter(line -> line.endsWith("binary-amd64/Packages")).findFirst()
                .map(line -> Long.parseLong(line.strip().split(" +")[1])).orElseThrow();
            if (now < size) {
                throw new AssertionError("an older root after a newer one");
            }
            size = now;
        }
        return true;
    }

    /// A store that stops its caller in the middle of a publication.
    private record PausingBlobStore(BlobStore inner, CountDownLatch reached, CountDownLatch goOn) implements BlobStore {
        @Override
        public Staging stage(InputStream in, long maxBytes) throws IOException {
            return inner.stage(in, maxBytes);
        }

        @Override
        public void commit(StagedBlob staged) throws IOException {
            reached.countDown();
            try {
                goOn.await();
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
            inner.commit(staged);
        }

        @Override
        public InputStream open(BlobId id, long fromByte, long toByte) throws IOException {
            return inner.open(id, fromByte, toByte);
        }

        @Override
        public OptionalLong sizeBytes(BlobId id) throws IOException {
            return inner.sizeBytes(id);
        }

        @Override
        public void delete(BlobId id) throws IOException {
            inner.delete(id);
        }

        @Override
        public long usableBytes() throws IOException {
            return inner.usableBytes();
        }
    }

    @Test
    void aPausedPublisherThatLostItsPlaceChangesNothing() throws Exception {
        server.pushed("acme/shop", TestDeb.of("first", "1", "amd64"));
        var reached = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        ChannelPublisher paused = server.publisher(new PausingBlobStore(server.blobs, reached, goOn));
        long channel = server.mainChannel();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ChannelPublisher.Outcome> late = threads.submit(() -> paused.publish(channel));
            reached.await();
            assertInstanceOf(ChannelPublisher.Outcome.Busy.class,
                server.publisher(server.blobs).publish(channel), "it is held");
            server.database.transact(sql -> sql.execute("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'"""));
            Eventually.holds("another publisher takes over", () ->
                server.publisher(server.blobs).publish(channel) instanceof ChannelPublisher.Outcome.Published);
            server.pushed("acme/shop", TestDeb.of("second", "1", "amd64"));
            server.publisher(server.blobs).publish(channel);
            goOn.countDown();
            assertThrows(ExecutionException.class, late::get);
        }
        assertEquals(2, server.count("select generation from channel"));
        assertEquals(List.of("first_1_amd64.deb", "second_1_amd64.deb"), closure.check("bookworm", "amd64"));
    }

    @Test
    void oneProcessReceivesAnotherIndexesAndBothServe() throws Exception {
        try (RepositoryServer other = RepositoryServer.besides(server, data)) {
            other.feature.startIndexing();
            for (int i = 0; i < 5; i++) {
                server.pushed("acme/shop", TestDeb.of("pkg" + i, "1", "amd64"));
            }
            server.settled();
            assertEquals(5, closure.check("bookworm", "amd64").size());
            assertEquals(5, new ClosureChecker(other, "/acme/shop/debian").check("bookworm", "amd64").size());
            String link = server.http.get("/acme/shop/debian/pool/bookworm/main/p/pkg1/pkg1_1_amd64.deb").headers()
                .firstValue("Location").orElseThrow();
            assertEquals(200, other.bytes(link).statusCode(), "an address signed by one is good at the other");
        }
    }

    @Test
    void givesUpAPoisonedPackageVisiblyAndGoesOn() throws Exception {
        byte[] bad = TestDeb.of("bad", "1", "amd64");
        server.pushed("acme/shop", TestDeb.of("aa", "1", "amd64"));
        server.pushed("acme/shop", bad);
        server.pushed("acme/shop", TestDeb.of("zz", "1", "amd64"));
        server.blobs.delete(new BlobId(ClosureChecker.sha256(bad)));
        server.feature.startIndexing();
        server.settled();
        assertEquals(List.of("aa_1_amd64.deb", "zz_1_amd64.deb"), closure.check("bookworm", "amd64"));
        JsonNode details = server.json("/api/v1/repos/acme/shop/package/deb/debian/bookworm/bad/amd64/1.json");
        assertEquals("the file is missing in the blob store", details.path("failure").textValue());
        assertEquals(3, server.count("select max(tries) from admission"));
        assertEquals(3, server.count("select count(*) from package"));
        server.pushed("acme/shop", bad);
        server.settled();
        assertEquals(List.of("aa_1_amd64.deb", "zz_1_amd64.deb", "bad_1_amd64.deb"),
            closure.check("bookworm", "amd64"), "sending it again mends it");
    }

    @Test
    void setsAsideADamagedStanzaOnly() throws Exception {
        server.pushed("acme/shop", TestDeb.of("aa", "1", "amd64"));
        server.pushed("acme/shop", TestDeb.of("bad", "1", "arm64"));
        server.pushed("acme/shop", TestDeb.of("zz", "1", "amd64"));
        server.database.transact(sql -> sql.execute(
            "update package_entry set entry = entry || 'Package: more\n\n'::bytea where architecture = 'arm64'"));
        server.feature.startIndexing();
        server.settled();
        assertEquals(List.of("aa_1_amd64.deb", "zz_1_amd64.deb"), closure.check("bookworm", "amd64"));
        assertEquals(0, server.count("select count(*) from index_view where architecture = 'arm64'"),
            "no view for what was refused");
        assertEquals(1, server.count("select count(*) from package where state = 'failed'"));
    }

    @Test
    void theIndexIsAFunctionOfTheLogOfAdmissions() throws Exception {
        server.feature.startIndexing();
        for (int i = 0; i < 30; i++) {
            server.pushed("acme/shop", TestDeb.of("pkg" + i, "1", i % 4 == 0 ? "all" : "amd64"));
            if (i % 7 == 3) {
                String architecture = (i - 2) % 4 == 0 ? "all" : "amd64";
                server.delete("acme/shop/debian/bookworm/pkg" + (i - 2) + "_1_" + architecture + ".deb");
            }
        }
        server.settled();
        var raw = server.bytes("/acme/shop/debian/dists/bookworm/main/binary-amd64/Packages").body();
        byte[] rebuilt = server.database.read(sql -> ViewSplicer.joined(sql.fetch("""
            select e.entry from admission a join package_entry e on e.package_id = a.package_id
            where a.place is not null and a.removed_generation is null and e.kind = 'packages' order by a.place""")
            .map(row -> row.get("entry", byte[].class))));
        org.junit.jupiter.api.Assertions.assertArrayEquals(rebuilt, raw);
        closure.check("bookworm", "amd64");
    }
}
