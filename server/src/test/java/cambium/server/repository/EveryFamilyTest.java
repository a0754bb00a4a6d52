package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.blob.BlobId;
import cambium.server.testing.Eventually;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the publisher promises for whatever it publishes: one generation of all that waits, one maker for each
/// generation, and a queue that goes on.
final class EveryFamilyTest {
    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, InstantSource.system());
        server.create("acme", "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ChannelPublisher publisher() {
        return server.publisher(server.blobs);
    }

    @ParameterizedTest
    @EnumSource
    void makesOneGenerationOfAllThatWaits(TestFamily family) throws Exception {
        for (int i = 0; i < 20; i++) {
            family.pushed(server, "pkg" + i);
        }
        assertInstanceOf(ChannelPublisher.Outcome.Published.class, publisher().publish(server.mainChannel()));
        assertInstanceOf(ChannelPublisher.Outcome.Idle.class, publisher().publish(server.mainChannel()));
        assertEquals(1, server.count("select generation from channel"));
        assertEquals(20, family.check(server).size());
    }

    @ParameterizedTest
    @EnumSource
    void racingWorkersNeverPublishOverEachOther(TestFamily family) throws Exception {
        int packages = 45;
        family.pushed(server, "first");
        publisher().publish(server.mainChannel());
        var open = new AtomicBoolean(true);
        long channel = server.mainChannel();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var workers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 4; i++) {
                ChannelPublisher publisher = publisher();
                workers.add(threads.submit(() -> {
                    int published = 0;
                    while (open.get()) {
                        published += publisher.publish(channel) instanceof ChannelPublisher.Outcome.Published ? 1 : 0;
                    }
                    return published;
                }));
            }
            Future<Boolean> reader = threads.submit(() -> rootsNeverGoBack(family, open));
            for (int i = 0; i < packages; i++) {
                family.pushed(server, "pkg" + i, i % 3 == 0);
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
        List<String> files = family.check(server);
        assertEquals(packages + 1, files.size());
        assertEquals(packages + 1, files.stream().distinct().count());
        assertEquals(packages + 1, server.count("select count(distinct place) from admission"));
    }

    private boolean rootsNeverGoBack(TestFamily family, AtomicBoolean open) throws Exception {
        long before = 0;
        while (open.get()) {
            long now = family.growing(server);
            if (now < before) {
                throw new AssertionError("an older root after a newer one: " + now + " after " + before);
            }
            before = now;
        }
        return true;
    }

    @ParameterizedTest
    @EnumSource
    void aPausedPublisherThatLostItsPlaceChangesNothing(TestFamily family) throws Exception {
        family.pushed(server, "first");
        var reached = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        ChannelPublisher paused = server.publisher(new PausingBlobStore(server.blobs, reached, goOn));
        long channel = server.mainChannel();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ChannelPublisher.Outcome> late = threads.submit(() -> paused.publish(channel));
            reached.await();
            assertInstanceOf(ChannelPublisher.Outcome.Busy.class, publisher().publish(channel), "it is held");
            server.database.transact(sql -> sql.execute("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'"""));
            Eventually.holds("another publisher takes over", () ->
                publisher().publish(channel) instanceof ChannelPublisher.Outcome.Published);
            family.pushed(server, "second");
            publisher().publish(channel);
            goOn.countDown();
            assertThrows(ExecutionException.class, late::get);
        }
        assertEquals(2, server.count("select generation from channel"));
        assertEquals(List.of(family.filename("first", false), family.filename("second", false)),
            family.check(server));
    }

    @ParameterizedTest
    @EnumSource
    void givesUpAPoisonedPackageVisiblyAndGoesOn(TestFamily family) throws Exception {
        family.pushed(server, "aa");
        byte[] bad = family.pushed(server, "bad");
        family.pushed(server, "zz");
        server.blobs.delete(new BlobId(ClosureChecker.sha256(bad)));
        server.feature.startIndexing();
        server.settled();
        assertEquals(List.of(family.filename("aa", false), family.filename("zz", false)), family.check(server));
        assertEquals("the file is missing in the blob store", server.database.read(sql ->
            sql.fetchSingle("select failure from package where state = 'failed'").get(0, String.class)));
        assertEquals(3, server.count("select max(tries) from admission"));
        family.pushed(server, "bad");
        server.settled();
        assertEquals(List.of("aa", "zz", "bad").stream().map(name -> family.filename(name, false)).toList(),
            family.check(server), "sending it again mends it");
    }

    @ParameterizedTest
    @EnumSource
    void setsAsideADamagedEntryOnly(TestFamily family) throws Exception {
        family.pushed(server, "aa");
        family.pushed(server, "bad");
        family.pushed(server, "zz");
        server.database.transact(sql -> sql.execute("""
            update package_entry e set entry = entry || E'more\\n\\n'::bytea
            from package p where p.id = e.package_id and p.name = 'bad'"""));
        server.feature.startIndexing();
        server.settled();
        assertEquals(List.of(family.filename("aa", false), family.filename("zz", false)), family.check(server));
        assertEquals(1, server.count("select count(*) from package where state = 'failed'"));
        assertEquals(2, server.count("select count(*) from package where state = 'indexed'"));
    }

    @ParameterizedTest
    @EnumSource
    void keepsADayAndAtLeastThreeGenerations(TestFamily family) throws Exception {
        var clock = new MovableClock();
        try (var later = RepositoryServer.start(data.resolve("later"), clock)) {
            later.create("acme", "shop");
            for (int i = 0; i < 8; i++) {
                family.pushed(later, "pkg" + i);
                later.settled();
            }
            var collector = new Collector(later.database, later.blobs, clock);
            assertEquals(0, collector.collect());
            assertEquals(8, later.count("select count(*) from channel_generation"));
            clock.move(Collector.KEPT.plusHours(1));
            assertTrue(collector.collect() > 0);
            assertEquals(Collector.KEPT_GENERATIONS + 1, later.count("select count(*) from channel_generation"));
            assertEquals(Collector.KEPT_GENERATIONS + 1, later.count(
                "select count(*) from root_file where path like '%elease' or path = 'x86_64/repomd.xml'")
                / (family == TestFamily.APT ? 2 : 1), "as many roots as generations");
            assertEquals(8, family.check(later).size());
            family.pushed(later, "more");
            later.settled();
            assertEquals(9, family.check(later).size());
        }
    }
}
