package cambium.acceptance.durability;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.PrivateApt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills the server at random moments while packages stream in, again and again on one data folder. What it has
/// acknowledged must be there for ever, and reach apt. (Named moments, each in turn: KilledProcessTest of the server.)
class KilledServerTest {
    private static final int ROUNDS = 12;
    private static final int PUSHERS = 3;
    private static final int MOST_ACKNOWLEDGED_FIRST = 6;
    private static final int MOST_MILLIS_AFTER = 150;

    @TempDir
    Path folder;

    @Test
    void keepsWhatItHasAcknowledgedThroughManyKills() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var debs = new Variants(Files.readAllBytes(DebBuilder.of("variant1000", "1").withCompression("none")
                .build(folder)));
        SortedSet<String> acknowledged = Collections.synchronizedSortedSet(new TreeSet<>());
        var shelf = new Shelf(folder.resolve("data"));
        int pushed = 0;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                try (var server = RunningServer.start(shelf.data())) {
                    var shop = round == 0 ? Hosted.create(server, "acme/killed") : new Hosted(server, "acme/killed");
                    assertTrue(shop.fileNames().containsAll(acknowledged), "lost in round " + round);
                    // The new server itself receives index chunks for a moment, while it catches up.
                    Await.until("what the killed one left is swept", () -> shelf.incoming().isEmpty());
                    pushed = pushUntilKilled(shop, debs, pushed, acknowledged, random);
                }
            }
            assertTrue(acknowledged.size() > ROUNDS, "too few were pushed to say anything: " + acknowledged.size());
            seesEverything(shelf, acknowledged);
        } catch (Throwable failed) {
            throw new AssertionError("seed " + seed + " after " + pushed + " pushes", failed);
        }
        assertEquals(List.of(), shelf.processes());
    }

    /// The moment of the kill follows the work, since a busy machine would spend any fixed time on starting. Gives the
    /// number of the next package that was never sent.
    private static int pushUntilKilled(Hosted shop, Variants debs, int first, Set<String> acknowledged,
            Random random) throws Exception {
        int enough = acknowledged.size() + random.nextInt(MOST_ACKNOWLEDGED_FIRST);
        var next = new AtomicInteger(first);
        var goOn = new AtomicBoolean(true);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < PUSHERS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                while (goOn.get()) {
                    int number = next.getAndIncrement();
                    try {
                        if (shop.push(debs.numbered(number)).statusCode() == 201) {
                            acknowledged.add(debs.fileName(number));
                        }
                    } catch (IOException killed) {
                        return;
                    }
                }
            }));
        }
        Await.until("enough packages were acknowledged", () -> acknowledged.size() >= enough);
        Thread.sleep(random.nextInt(MOST_MILLIS_AFTER));
        shop.server().kill();
        goOn.set(false);
        for (var thread : threads) {
            thread.join();
        }
        return next.get();
    }

    /// An upload that was killed before its answer may be stored or not; nothing else may be.
    private void seesEverything(Shelf shelf, Set<String> acknowledged) throws Exception {
        try (var server = RunningServer.start(shelf.data())) {
            var shop = new Hosted(server, "acme/killed");
            shop.awaitIndexed();
            var listed = shop.fileNames();
            assertTrue(listed.containsAll(acknowledged));
            assertTrue(listed.size() <= acknowledged.size() + ROUNDS * PUSHERS, listed.size() + " are listed");
            var apt = PrivateApt.of(folder.resolve("apt"), PrivateApt.keyOf(server, shop.fullName()),
                    server.at("/" + shop.fullName() + "/debian"), "bookworm");
            apt.update();
            var offered = new TreeSet<String>();
            apt.available().forEach(line -> offered.add(line.replace(' ', '_') + "_all.deb"));
            assertEquals(listed, offered);
            assertTrue(shelf.blobs().size() >= listed.size());
            assertEquals(0, server.stop());
        }
    }

    /// Packages that differ in the four digits of their names only: dpkg-deb would be slower than the server.
    private record Variants(byte[] template) {
        byte[] numbered(int number) {
            assertTrue(number < 9000, "too many variants");
            var text = new String(template, ISO_8859_1);
            return text.replace("Package: variant1000\n", "Package: variant" + (1000 + number) + "\n")
                    .getBytes(ISO_8859_1);
        }

        String fileName(int number) {
            return "variant" + (1000 + number) + "_1_all.deb";
        }
    }
}
