package cambium.acceptance.durability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.Operator;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.PrivateApt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The runbook of docs/OPERATIONS.md: the folder of the database is copied, lost, and put back as it was, while the
/// blob store has gone on, and has lost a file besides. An apt that has seen the lost time goes on with the server.
class RestoreTest {
    private static final String REPOSITORY = "acme/restored";

    @TempDir
    Path folder;

    @Test
    void goesOnFromAnEarlierTimeAndSaysWhatIsLost() throws Exception {
        var data = folder.resolve("data");
        var gone = DebBuilder.of("gone", "1").build(folder);
        var late = DebBuilder.of("late", "1").build(folder);
        try (var server = RunningServer.start(data)) {
            var shop = Hosted.create(server, REPOSITORY);
            shop.pushed(DebBuilder.of("kept", "1").build(folder));
            shop.pushed(gone);
            shop.awaitIndexed();
            assertEquals(0, server.stop());
        }
        copy(data.resolve("database"), folder.resolve("backup"));

        PrivateApt apt;
        int port;
        try (var server = RunningServer.start(data)) {
            port = server.address().getPort();
            var shop = new Hosted(server, REPOSITORY);
            apt = PrivateApt.of(folder.resolve("apt"), PrivateApt.keyOf(server, REPOSITORY),
                    server.at("/" + REPOSITORY + "/debian"), "bookworm");
            shop.pushed(late);
            shop.awaitIndexed();
            apt.update();
            assertEquals(Set.of("kept 1", "gone 1", "late 1"), apt.available());
            assertEquals(0, server.stop());
        }
        CommandRun.of("rm", "-r", data.resolve("database").toString()).successful();
        copy(folder.resolve("backup"), data.resolve("database"));
        Files.delete(blob(data, gone));

        try (var server = RunningServer.start(data, "--port", Integer.toString(port))) {
            var shop = new Hosted(server, REPOSITORY);
            var repair = new Operator(server).types("repair");
            assertEquals(1, repair.exit(), repair.toString());
            assertTrue(repair.out().contains("acme/restored  debian/bookworm  gone_1_all.deb"), repair.out());
            assertTrue(repair.out().contains("late_1_all.deb"), repair.out());
            awaitFailed(shop, "gone_1_all.deb");
            apt.update();
            assertEquals(Set.of("kept 1"), apt.available());
            // What was lost is there to be pushed again.
            var found = folder.resolve("late_1_all.deb");
            copy(blob(data, late), found);
            new Operator(server).types("push", "--repo", REPOSITORY, "--distro", "debian/bookworm", found.toString(),
                    gone.toString()).successful();
            shop.awaitIndexed();
            apt.update();
            assertEquals(Set.of("kept 1", "gone 1", "late 1"), apt.available());
            apt.getIn(folder, "download", "kept", "gone", "late").successful();
            var again = new Operator(server).types("repair");
            assertEquals(0, again.exit(), again.toString());
            assertEquals(0, server.stop());
        }
    }

    private static void awaitFailed(Hosted shop, String filename) throws Exception {
        Await.until(filename + " is given up and the rest is signed", () -> {
            var rows = shop.packages();
            return rows.stream().filter(row -> row.get("filename").asText().equals(filename))
                    .noneMatch(row -> row.get("indexed").asBoolean());
        });
    }

    private static void copy(Path from, Path to) throws IOException {
        CommandRun.of("cp", "-a", from.toString(), to.toString()).successful();
    }

    private static Path blob(Path data, Path file) throws IOException {
        var sum = CommandRun.of("sha256sum", file.toString()).successful().out().substring(0, 64);
        return data.resolve("blobs").resolve(sum.substring(0, 2)).resolve(sum);
    }
}
