package cambium.acceptance.surroundings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.rollout.TinyFleet;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The disk of the write-ahead log is full: a small one of its own (tmpfs), which only root may have. PostgreSQL falls
/// over each time that it has to write, whoever starts it again, until there is room.
class FullLogDiskTest {
    private static final long PAUSE_NANOS = 20_000_000;

    @TempDir
    Path folder;
    private Path data;
    private RunningServer server;
    private TinyFleet fleet;
    private volatile boolean full = true;

    @Test
    void nothingAcknowledgedIsLostTheBrakeFileHoldsAndItGoesOnByItselfWhenThereIsRoom() throws Exception {
        if (!System.getProperty("user.name").equals("root")) {
            System.out.println("a small disk needs root: none is filled here");
            return;
        }
        data = folder.resolve("data");
        RunningServer.start(data).stop();
        var disk = Files.createDirectories(folder.resolve("disk"));
        CommandRun.of("mount", "-t", "tmpfs", "-o", "size=128m,mode=700", "cambium", disk.toString()).successful();
        try (var tiny = TinyFleet.start(folder.resolve("fleet"))) {
            var log = data.resolve("database/pg_wal");
            CommandRun.of("mv", log.toString(), disk.toString()).successful();
            Files.createSymbolicLink(log, disk.resolve("pg_wal"));
            fleet = tiny;
            try (var started = RunningServer.start(data, "--drivers", fleet.drivers())) {
                server = started;
                throughAFullDisk(disk);
                assertEquals(0, server.stop());
            }
        } finally {
            CommandRun.of("umount", "-l", disk.toString());
        }
    }

    private void throughAFullDisk(Path disk) throws Exception {
        var shop = fleet.declare(server);
        fleet.push(shop, "1.0");
        deploy("1.0");
        Await.until("1.0 is complete", () -> TinyFleet.isComplete(server, "1.0"));
        fleet.push(shop, "1.1");
        var taken = new HashSet<>(shop.fileNames());
        Await.until("what is shown is kept as well", () -> isReadyAs("ok"));
        int before = fleet.runs().size();
        deploy("1.1");
        Await.until("a step of 1.1 runs", () -> fleet.runs().size() > before);
        CommandRun.of("dd", "if=/dev/zero", "of=" + disk.resolve("filler"), "bs=1M", "status=none");
        var writer = Thread.ofPlatform().start(this::writeOn);
        Await.until("the database is away", () -> isReadyAs("degraded"));
        Files.writeString(data.resolve("brake"), "the disk is full");
        for (int i = 0; i < 5; i++) {
            var deb = DebBuilder.of("late" + i, "1").build(folder);
            int status = shop.push(deb).statusCode();
            assertTrue(status == 201 || status == 503, "acknowledged or refused: " + status);
            if (status == 201) {
                taken.add("late" + i + "_1_all.deb");
            }
            assertEquals(200, server.send(HttpRequest.newBuilder(server.at("/" + TinyFleet.REPOSITORY
                    + "/debian/dists/bookworm/InRelease")).build()).statusCode(), "reads go on");
        }
        var ran = fleet.runs();
        full = false;
        writer.join();
        Files.delete(disk.resolve("filler"));
        Await.until("it goes on by itself", () -> isReadyAs("ok") && brakes().contains("the disk is full"));
        assertEquals(ran, fleet.runs(), "nothing was started behind the brake file");
        assertTrue(server.output().contains("No space left on device"), "the server's log says why");
        Files.delete(data.resolve("brake"));
        Await.until("the brake can be released", () -> server.send("DELETE",
                "/api/fleet/brakes?scope=fleet&why=room", "application/json", "").statusCode() == 200);
        Await.until("1.1 is complete", () -> TinyFleet.isComplete(server, "1.1"));
        assertTrue(shop.fileNames().containsAll(taken), "nothing acknowledged was lost");
        assertEquals(Set.copyOf(fleet.runs()).size(), fleet.runs().size(), "no attempt ran twice");
    }

    private void deploy(String version) throws IOException {
        server.post("/api/fleet/rollouts", "{\"version\":\"" + version + "\"}");
    }

    private String brakes() throws IOException {
        return server.send("GET", "/api/fleet", "application/json", "").body();
    }

    private boolean isReadyAs(String status) throws IOException {
        return server.send("GET", "/health/ready", "text/plain", "").body().contains("\"status\":\"" + status + "\"");
    }

    /// Whenever PostgreSQL takes something, it is given more than has room.
    private void writeOn() {
        while (full) {
            try {
                var port = Files.readAllLines(data.resolve("database/postmaster.pid")).get(3).strip();
                try (var connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                        "cambium", Files.readString(data.resolve("database-password")).strip());
                        var statement = connection.createStatement()) {
                    while (full) {
                        statement.execute("select pg_logical_emit_message(false, 'x', repeat('y', 1000000))");
                    }
                }
            } catch (SQLException | IOException | IndexOutOfBoundsException fallenOver) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
