package cambium.acceptance.apt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// apt in a loop against steady publishing, through a caching proxy that keeps whatever it may keep: no generation is
/// ever mixed with another. In each round one machine goes on by patches, and two start from empty lists, the second
/// mostly out of the proxy's cache.
class ProxiedAptTest {
    private static final int ROUNDS = 14;

    @TempDir
    Path folder;

    @Test
    void neverSeesAMixedGenerationThroughACachingProxy() throws Exception {
        int port = freePort();
        // The proxy runs as another user when this one is root, and that one may not look into the test's own folder.
        Path home = Files.createTempDirectory("cambium-squid-");
        CommandRun.of("chmod", "777", home.toString()).successful();
        Process squid = squid(home, port);
        try (var server = RunningServer.start(folder.resolve("server"))) {
            Await.until("the proxy answers", () -> accepts(port));
            var shop = Hosted.create(server, "acme/steady");
            shop.pushed(DebBuilder.of("first", "1").build(folder));
            shop.awaitIndexed();
            var goingOn = apt(server, shop, port);
            var published = new AtomicInteger(1);
            var failure = new AtomicReference<Throwable>();
            var rounds = new AtomicInteger();
            Thread publisher = Thread.ofVirtual().start(() -> publish(shop, published, rounds, failure));
            int before = 0;
            for (; rounds.get() < ROUNDS; rounds.incrementAndGet()) {
                for (var apt : List.of(goingOn, apt(server, shop, port), apt(server, shop, port))) {
                    String log = apt.update().output();
                    assertFalse(log.contains("Hash Sum mismatch"), log);
                    int seen = apt.available().size();
                    assertTrue(seen >= before && seen <= published.get() + 1, seen + " seen after " + before);
                    before = seen;
                }
            }
            publisher.join();
            assertEquals(null, failure.get());
            shop.awaitIndexed();
            goingOn.update();
            assertEquals(published.get(), goingOn.available().size());
            String log = Files.readString(home.resolve("access.log"));
            long hits = log.lines().filter(line -> line.contains("_HIT") || line.contains("UNMODIFIED")).count();
            System.out.println(ROUNDS + " rounds of three updates against " + published.get() + " generations, "
                    + log.lines().count() + " requests through the proxy, " + hits + " from its cache");
            assertTrue(hits > 0, log);
        } finally {
            squid.destroy();
            assertTrue(squid.waitFor(30, TimeUnit.SECONDS));
            CommandRun.of("rm", "-r", home.toString()).successful();
        }
    }

    /// Two packages a round, whenever in it.
    private void publish(Hosted shop, AtomicInteger published, AtomicInteger rounds,
            AtomicReference<Throwable> failure) {
        try {
            for (int i = 0; i < 2 * ROUNDS; i++) {
                int round = i / 2;
                Await.until("the next round", () -> rounds.get() >= round);
                shop.pushed(DebBuilder.of("steady" + i, "1").withCompression("none").build(folder));
                published.incrementAndGet();
            }
        } catch (Throwable failed) {
            failure.set(failed);
        }
    }

    private PrivateApt apt(RunningServer server, Hosted shop, int port) throws IOException {
        var root = Files.createTempDirectory(folder, "apt-");
        var apt = PrivateApt.of(root, PrivateApt.keyOf(server, shop.fullName()),
                server.at("/" + shop.fullName() + "/debian"), "bookworm");
        var configuration = root.resolve("apt.conf");
        Files.writeString(configuration, Files.readString(configuration)
                .replace("Proxy \"DIRECT\"", "Proxy \"http://127.0.0.1:" + port + "\""));
        return apt;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Process squid(Path home, int port) throws IOException {
        var user = System.getProperty("user.name").equals("root") ? "cache_effective_user proxy" : "";
        Files.writeString(home.resolve("squid.conf"), """
                http_port 127.0.0.1:%1$d
                http_access allow all
                %3$s
                memory_cache_shared off
                cache_mem 64 MB
                maximum_object_size_in_memory 8 MB
                access_log stdio:%2$s/access.log
                cache_log %2$s/cache.log
                pid_filename none
                coredump_dir %2$s
                shutdown_lifetime 1 seconds
                """.formatted(port, home, user));
        return new ProcessBuilder("squid", "-N", "-n", "cambium" + port, "-f", home.resolve("squid.conf").toString())
                .redirectErrorStream(true).redirectOutput(home.resolve("out").toFile()).start();
    }
}
