package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.BlobsFull;
import cambium.server.blob.StagedBlob;
import cambium.server.blob.Staging;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Promises of the repository half that no other test is about.
final class PromisesTest {
    private static final int RACES = 25;
    private static final int RACERS = 4;

    @TempDir
    Path data;

    /// Bytes of the same identity that arrive at once: one is taken, whatever the others are.
    @Test
    void oneOfManyRacersTakesAnIdentity() throws Exception {
        try (var server = RepositoryServer.startIdle(data, InstantSource.system());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.create("acme", "shop");
            for (int race = 0; race < RACES; race++) {
                String name = "raced" + race;
                var barrier = new CyclicBarrier(RACERS);
                var answers = new ArrayList<Future<Integer>>();
                for (int racer = 0; racer < RACERS; racer++) {
                    byte[] deb = TestDeb.of(name, "1", "amd64", "", "racer " + racer % 3);
                    answers.add(threads.submit(() -> {
                        barrier.await();
                        return server.push("acme/shop", deb).statusCode();
                    }));
                }
                var statuses = new ArrayList<Integer>();
                for (Future<Integer> answer : answers) {
                    statuses.add(answer.get());
                }
                assertEquals(List.of(201, 422, 422, 422), statuses.stream().sorted().toList(), name);
            }
            assertEquals(RACES, server.count("select count(*) from package"));
            assertEquals(RACES, server.count("select count(*) from admission"));
        }
    }

    /// As a process leaves it that dies between storing the bytes and committing the row that names them.
    @Test
    void freesBytesThatNothingNamesAfterADay() throws Exception {
        var clock = new MovableClock();
        try (var server = RepositoryServer.start(data, clock)) {
            server.create("acme", "shop");
            server.pushed("acme/shop", TestDeb.of("kept", "1", "amd64"));
            server.settled();
            BlobId unnamed = server.blobs.put("left behind".getBytes());
            var sweeping = new UnnamedBlobs(server.database, server.blobs, clock);
            assertEquals(0, sweeping.sweep(UnnamedBlobs.FOLDERS), "it may be named in a moment");
            clock.move(Duration.ofHours(25));
            int heldUp = server.database.transact(sql -> {
                BlobRows.holdCollector(sql);
                return sweeping.sweep(UnnamedBlobs.FOLDERS);
            });
            assertEquals(0, heldUp, "somebody is naming blobs");
            assertEquals(1, sweeping.sweep(UnnamedBlobs.FOLDERS));
            assertTrue(server.blobs.sizeBytes(unnamed).isEmpty());
            assertEquals(1, new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64").size());
        }
    }

    /// More channels than are looked up at once cannot be signed at all, and are older; a neighbour does not notice.
    @Test
    void aChannelThatCannotBePublishedHoldsUpNoOther() throws Exception {
        try (var server = RepositoryServer.start(data, InstantSource.system())) {
            server.create("acme", "broken");
            server.addChannelsWithoutKey(120);
            server.database.transact(sql -> sql.execute("update signing_key set sealed_secret = 'not sealed'"));
            server.create("acme", "shop");
            for (int i = 0; i < 5; i++) {
                server.pushed("acme/broken", TestDeb.of("stuck" + i, "1", "amd64"));
                server.pushed("acme/shop", TestDeb.of("pkg" + i, "1", "amd64"));
            }
            Eventually.holds("the neighbour is published", () -> server.count(
                "select count(*) from package where state = 'indexed' and name like 'pkg%'") == 5);
            assertEquals(5, new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64").size());
            assertEquals(5, server.count("select count(*) from package where state = 'pending'"), "none is given up");
        }
    }

    @Test
    void aDiskThatFillsUpMidwayIsToldAsSuchAndLeavesNothing() throws Exception {
        try (var server = RepositoryServer.over(TestDatabase.fresh(), data,
            InstantSource.system(), FullStore::new)) {
            server.create("acme", "shop");
            FullStore.isFull = true;
            HttpResponse<String> refused = server.push("acme/shop", TestDeb.of("hello", "1", "amd64"));
            assertEquals(507, refused.statusCode(), refused.body());
            assertTrue(refused.body().contains("disk_full"), refused.body());
            assertEquals(0, server.count("select count(*) from package"));
            FullStore.isFull = false;
            assertEquals(201, server.push("acme/shop", TestDeb.of("hello", "1", "amd64")).statusCode(), "it recovers");
        }
    }

    /// Fails as a real full device does, in the middle of the bytes.
    private record FullStore(BlobStore store) implements BlobStore {
        private static volatile boolean isFull;

        @Override
        public Staging stage(InputStream in, long maxBytes) throws IOException {
            if (isFull) {
                try (var full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
                    full.write(ByteBuffer.wrap(in.readNBytes(100)));
                } catch (IOException failed) {
                    throw BlobsFull.named(failed);
                }
            }
            return store.stage(in, maxBytes);
        }

        @Override
        public void commit(StagedBlob staged) throws IOException {
            store.commit(staged);
        }

        @Override
        public InputStream open(BlobId id, long fromByte, long toByte) throws IOException {
            return store.open(id, fromByte, toByte);
        }

        @Override
        public OptionalLong sizeBytes(BlobId id) throws IOException {
            return store.sizeBytes(id);
        }

        @Override
        public void delete(BlobId id) throws IOException {
            store.delete(id);
        }

        @Override
        public long usableBytes() throws IOException {
            return store.usableBytes();
        }
    }
}
