package cambium.acceptance.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RawHttp;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of one server on one data folder: its end by SIGTERM, by SIGKILL, and a second one that wants in.
class OneServerTest {
    @TempDir
    Path folder;

    @Test
    void refusesASecondServerAndNamesTheFirst() throws Exception {
        try (var first = RunningServer.start(folder.resolve("data"))) {
            var second = CommandRun.of(Checkout.root().resolve("cambium").toString(), "serve",
                    "--data", first.data().toString(), "--port", "0");
            assertEquals(2, second.exit(), second.toString());
            assertTrue(second.output().contains("another server (process " + first.pid() + ")"), second.output());
            assertFalse(second.output().contains("\tat "), second.output());
            assertTrue(first.get("/api/v1/repos").isArray());
        }
    }

    @Test
    void leavesNoProcessBehindAfterSigtermAndNothingHalfStored() throws Exception {
        var deb = Files.readAllBytes(big());
        Shelf shelf;
        boolean acknowledged;
        try (var server = RunningServer.start(folder.resolve("data")); var slow = RawHttp.to(server.address())) {
            shelf = new Shelf(server.data());
            var shop = Hosted.create(server, "acme/stopped");
            var body = Hosted.form(deb);
            slow.send(head(shop, body.length)).send(Arrays.copyOf(body, body.length / 2));
            Await.until("the upload has begun", () -> !shelf().incoming().isEmpty());
            var stopping = Thread.ofVirtual().start(() -> assertEquals(0, server.stop()));
            Await.until("the server was asked to stop", () -> server.output().contains("stopping"));
            slow.send(Arrays.copyOfRange(body, body.length / 2, body.length));
            acknowledged = slow.untilClosed().startsWith("HTTP/1.1 201");
            stopping.join();
            assertEquals(0, server.stop());
        }
        assertEquals(List.of(), shelf.processes());
        assertEquals(List.of(), shelf.incoming());
        try (var again = RunningServer.start(folder.resolve("data"))) {
            var stored = new Hosted(again, "acme/stopped").fileNames();
            assertEquals(acknowledged ? Set.of("big_1_all.deb") : Set.of(), stored);
            assertEquals(acknowledged, shelf.blobs().contains(sha256(deb)));
        }
    }

    @Test
    void forgetsAnUploadThatKill9CutInHalf() throws Exception {
        var deb = Files.readAllBytes(big());
        long orphan;
        try (var server = RunningServer.start(folder.resolve("data")); var upload = RawHttp.to(server.address())) {
            var shop = Hosted.create(server, "acme/cut");
            var body = Hosted.form(deb);
            upload.send(head(shop, body.length)).send(Arrays.copyOf(body, body.length / 2));
            Await.until("the upload has begun", () -> !shelf().incoming().isEmpty());
            orphan = shelf().postgres();
            server.kill();
        }
        assertTrue(alive(orphan), "PostgreSQL outlives its killed server");
        assertFalse(shelf().incoming().isEmpty());
        try (var server = RunningServer.start(folder.resolve("data"))) {
            var shop = new Hosted(server, "acme/cut");
            assertFalse(alive(orphan));
            assertNotEquals(orphan, shelf().postgres());
            Await.until("what was half-received is swept", () -> shelf().incoming().isEmpty());
            // What the server looks whether downloads arrive by is all that it may have stored.
            assertEquals(Set.of(), shop.fileNames());
            assertFalse(shelf().blobs().contains(sha256(deb)));
            assertFalse(shelf().blobs().contains(sha256(Arrays.copyOf(deb, deb.length / 2))));
            assertTrue(shelf().blobs().size() <= 1, "more than one blob");
            assertEquals(201, shop.push(deb).statusCode());
            shop.awaitIndexed();
            assertEquals(0, server.stop());
        }
        assertEquals(List.of(), shelf().processes());
    }

    private Shelf shelf() {
        return new Shelf(folder.resolve("data"));
    }

    /// Larger than what any buffer on the way holds, and of bytes that no packing shrinks.
    private Path big() throws Exception {
        var text = new StringBuilder();
        new Random(7).ints(3 << 20, ' ', '~').forEach(letter -> text.append((char) letter));
        return DebBuilder.of("big", "1").withCompression("none").withFile("usr/share/big/bytes", text.toString())
                .build(folder);
    }

    private static byte[] head(Hosted repository, int length) {
        return ("POST " + repository.packagesPath() + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + RunningServer.basic(RunningServer.TOKEN) + "\r\nContent-Type: " + Hosted.contentType()
                + "\r\nContent-Length: " + length + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
