package cambium.acceptance.apt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The apt and dpkg of this machine live from a packaged server. What they hold is counted and read, since a client
/// may stop early and still report success.
class AptTest {
    private static final int PUSHERS = 4;
    private static final int PUSHED_BY_EACH = 12;

    @TempDir
    static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void startServer() throws IOException {
        server = RunningServer.start(folder.resolve("server"), "--origin", "packagecloud.io");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void installsAndUpgradesPackagesOfEveryCompression() throws Exception {
        var shop = Hosted.create(server, "acme/compressions");
        var machine = CommandRun.of("dpkg", "--print-architecture").successful().out().strip();
        for (var compression : List.of("gzip", "xz", "zstd", "none")) {
            shop.pushed(DebBuilder.of("tool-" + compression, "1.0-1").withArchitecture(machine)
                    .withCompression(compression).build(folder));
        }
        shop.awaitIndexed();
        var apt = apt(shop, "debian");
        apt.update();
        apt.get("install", "tool-gzip", "tool-xz", "tool-zstd", "tool-none").successful();
        for (var compression : List.of("gzip", "xz", "zstd", "none")) {
            assertEquals(Optional.of("1.0-1"), apt.installed("tool-" + compression));
            assertEquals(Optional.of("1.0-1\n"), apt.file("usr/share/tool-" + compression + "/version"));
        }

        shop.pushed(DebBuilder.of("tool-xz", "1.0-2").withArchitecture(machine).build(folder));
        shop.awaitIndexed();
        apt.update();
        apt.get("upgrade").successful();
        assertEquals(Optional.of("1.0-2"), apt.installed("tool-xz"));
        assertEquals(Optional.of("1.0-2\n"), apt.file("usr/share/tool-xz/version"));
        assertEquals(Optional.of("1.0-1"), apt.installed("tool-none"));
    }

    @Test
    void fetchesIndexesByHashAndPackagesThroughASignedAddress() throws Exception {
        var shop = Hosted.create(server, "acme/addresses");
        shop.pushed(DebBuilder.of("hello", "1:2.0~rc1+b2-1").build(folder));
        shop.awaitIndexed();
        var apt = apt(shop, "debian");
        var update = apt.get("-o", "Debug::Acquire::http=1", "update").successful().output();
        assertTrue(update.contains("/main/binary-all/by-hash/SHA256/")
                || update.matches("(?s).*/main/binary-[a-z0-9]+/by-hash/SHA256/.*"), update);
        assertFalse(update.matches("(?s).*GET [^ ]*/binary-[a-z0-9]+/Packages.*"), update);
        var install = apt.get("-o", "Debug::Acquire::http=1", "install", "hello").successful().output();
        assertTrue(install.contains("HTTP/1.1 302"), install);
        assertEquals(Optional.of("1:2.0~rc1+b2-1"), apt.installed("hello"));

        var signature = Stream.of(install.split("\\s+")).filter(word -> word.matches("(?i).*[?&]signature=.+"))
                .map(word -> word.replaceAll("(?i).*[?&]signature=([^&]+).*", "$1")).findFirst();
        assertTrue(signature.isPresent(), install);
        assertFalse(server.output().contains(signature.get()), "a signature was logged");
        assertFalse(server.output().contains(RunningServer.TOKEN), "the token was logged");
    }

    @Test
    void losesWhatWasDeletedAtTheNextUpdate() throws Exception {
        var shop = Hosted.create(server, "acme/deletions");
        var kept = DebBuilder.of("kept", "1");
        var doomed = DebBuilder.of("doomed", "1");
        shop.pushed(kept.build(folder));
        shop.pushed(doomed.build(folder));
        shop.awaitIndexed();
        var apt = apt(shop, "debian");
        apt.update();
        assertEquals(Set.of("doomed 1", "kept 1"), apt.available());
        assertEquals(200, shop.delete(doomed.fileName()));
        assertEquals(Set.of(kept.fileName()), shop.fileNames());
        Await.until("the index offers only what was kept", () -> {
            apt.update();
            return apt.available().equals(Set.of("kept 1"));
        });
        assertNotEquals(0, apt.get("install", "doomed").exit());
    }

    @Test
    void aPinByTheOriginOfTheFormerServerHolds() throws Exception {
        var shop = Hosted.create(server, "acme/pinned");
        shop.pushed(DebBuilder.of("hello", "1").build(folder));
        shop.awaitIndexed();
        var apt = apt(shop, "debian");
        apt.update();
        for (var origin : List.of("packagecloud.io/acme/other", "packagecloud.io/acme/pinned")) {
            var pins = Files.createDirectories(folder.resolve("pins"));
            Files.writeString(pins.resolve("pin"), "Package: *\nPin: release o=" + origin + "\nPin-Priority: -1\n");
            var install = apt.get("-o", "Dir::Etc::preferencesparts=" + pins, "install", "hello");
            assertEquals(origin.endsWith("other"), install.exit() == 0, install.toString());
            apt.get("purge", "hello").successful();
        }
    }

    @Test
    void refusesAnIndexThatAnotherKeyHasSigned() throws Exception {
        var shop = Hosted.create(server, "acme/trusted");
        var other = Hosted.create(server, "acme/stranger");
        shop.pushed(DebBuilder.of("hello", "1").build(folder));
        shop.awaitIndexed();
        var apt = PrivateApt.of(newRoot(), PrivateApt.keyOf(server, other.fullName()),
                server.at("/" + shop.fullName() + "/debian"), "bookworm");
        var update = apt.get("update");
        assertTrue(update.output().contains("NO_PUBKEY"), update.toString());
        assertEquals(Set.of(), apt.available());
        assertNotEquals(0, apt.get("install", "hello").exit());
    }

    @Test
    void seesOnlyWholeGenerationsWhilePackagesArePushed() throws Exception {
        var shop = Hosted.create(server, "acme/busy");
        shop.pushed(DebBuilder.of("first", "1").build(folder));
        shop.awaitIndexed();
        var apt = apt(shop, "debian");
        var failures = Collections.synchronizedList(new ArrayList<Throwable>());
        var atWork = new AtomicInteger(PUSHERS);
        var threads = new ArrayList<Thread>();
        for (int pusher = 0; pusher < PUSHERS; pusher++) {
            var prefix = "busy" + pusher + "x";
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < PUSHED_BY_EACH; i++) {
                        shop.pushed(DebBuilder.of(prefix + i, "1").build(folder));
                    }
                } catch (Throwable failed) {
                    failures.add(failed);
                } finally {
                    atWork.decrementAndGet();
                }
            }));
        }
        Set<String> before = Set.of("first 1");
        int rounds = 0;
        while (atWork.get() > 0 || rounds < 3) {
            apt.update();
            var seen = apt.available();
            assertTrue(seen.containsAll(before), () -> "lost from the index: " + seen);
            before = seen;
            rounds++;
        }
        for (var thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
        shop.awaitIndexed();
        apt.update();
        assertEquals(1 + PUSHERS * PUSHED_BY_EACH, apt.available().size());
    }

    private static PrivateApt apt(Hosted repository, String below) throws IOException {
        return PrivateApt.of(newRoot(), PrivateApt.keyOf(server, repository.fullName()),
                server.at("/" + repository.fullName() + "/" + below), "bookworm");
    }

    private static Path newRoot() throws IOException {
        return Files.createTempDirectory(folder, "apt-");
    }
}
