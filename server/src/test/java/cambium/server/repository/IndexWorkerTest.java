package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexWorkerTest {
    private static final int BROKEN = 120;

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

    /// The share of a channel that always has work beside many that are older and cannot be published.
    @Test
    void aChannelWaitsForFewFailuresHoweverManyChannelsFail() {
        server.addChannelsWithoutKey(BROKEN);
        server.pushed("acme/shop", TestDeb.of("hello", "1", "amd64"));
        long good = server.count("select max(id) from channel");
        var now = new AtomicReference<>(Instant.now());
        var turns = new ArrayList<Long>();
        var worker = new IndexWorker(server.database, channel -> {
            turns.add(channel);
            if (channel != good) {
                throw new IllegalStateException("this channel cannot be published");
            }
            return new ChannelPublisher.Outcome.Published(null, 1, List.of());
        }, new RepositoryMeters(new SimpleMeterRegistry()), now::get, 1);

        assertTrue(worker.publishAll());
        assertEquals(BROKEN, turns.indexOf(good), "each was tried once, the oldest first, and the good one too");
        assertEquals(BROKEN + 1, turns.size());
        turns.clear();
        int rounds = BROKEN / IndexWorker.RETRIES_A_ROUND;
        for (int round = 0; round < rounds; round++) {
            now.updateAndGet(instant -> instant.plusSeconds(2));
            worker.publishAll();
        }
        assertEquals(rounds, Collections.frequency(turns, good));
        for (int turn = 0; turn < turns.size(); turn++) {
            assertEquals(turn % (1 + IndexWorker.RETRIES_A_ROUND) == 0, turns.get(turn) == good, "turn " + turn);
        }
        assertEquals(BROKEN + 1, Set.copyOf(turns).size(), "and each of the others was tried again");
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
    void acknowledgesAPushWhileAGenerationIsBeingMade() throws Exception {
        server.pushed("acme/shop", TestDeb.of("first", "1", "amd64"));
        long channel = server.count("select max(id) from channel");
        server.database.transact(sql -> {
            ChannelRow.hold(sql, channel).orElseThrow();
            // Bounded, so that a push which waits for the publisher fails here instead of waiting for us for ever.
            CompletableFuture.runAsync(() -> server.pushed("acme/shop", TestDeb.of("second", "1", "amd64")))
                .orTimeout(30, TimeUnit.SECONDS).join();
            assertEquals(2, server.count("select count(*) from admission where work is not null"));
            return channel;
        });
        assertEquals(0, server.count("select max(generation) from channel"), "nothing was published meanwhile");
        server.feature.startIndexing();
        server.settled();
        assertEquals(List.of("first_1_amd64.deb", "second_1_amd64.deb"), closure.check("bookworm", "amd64"));
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
