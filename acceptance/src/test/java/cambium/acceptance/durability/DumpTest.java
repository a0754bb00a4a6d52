package cambium.acceptance.durability;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.Operator;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.PrivateApt;
import cambium.acceptance.rollout.TinyFleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The runbook of docs/OPERATIONS.md for a PostgreSQL that is not ours: Debian's, dumped by its own pg_dump while the
/// server works, and put back by its pg_restore for a new machine that has the backup and nothing else. The commands
/// are those that stand there. An apt that has seen the lost time goes on with the new machine.
class DumpTest {
    @TempDir
    Path folder;

    @Test
    void goesOnOnANewMachineFromADumpAndACopyOfTheBlobs() throws Exception {
        var kept = DebBuilder.of("kept", "1").build(folder);
        var late = DebBuilder.of("late", "1").build(folder);
        var lost = DebBuilder.of("lost", "1").build(folder);
        try (var fleet = TinyFleet.start(folder.resolve("fleet"));
                var database = OtherPostgres.start(folder.resolve("postgres"))) {
            int port;
            PrivateApt apt;
            try (var server = start(database, "data")) {
                port = server.address().getPort();
                var shop = fleet.declare(server);
                pushed(shop, kept);
                database.tool("pg_dump", "--format=custom", "--file=" + backup("cambium.dump"),
                        database.url("cambium")).successful();
                pushed(shop, late);
                CommandRun.of("rsync", "-a", "--exclude=incoming", folder.resolve("data/blobs") + "/",
                        backup("blobs") + "/").successful();
                CommandRun.of("cp", "-a", folder.resolve("data/master-key").toString(), backup("master-key"))
                        .successful();
                pushed(shop, lost);
                apt = PrivateApt.of(folder.resolve("apt"), PrivateApt.keyOf(server, TinyFleet.REPOSITORY),
                        server.at("/" + TinyFleet.REPOSITORY + "/debian"), "bookworm");
                apt.update();
                assertEquals(Set.of("kept 1", "late 1", "lost 1"), apt.available());
                server.kill();
            }
            database.tool("dropdb", "--force", "--maintenance-db=" + database.url("postgres"), "cambium").successful();
            CommandRun.of("rm", "-r", folder.resolve("data").toString()).successful();

            putBack(database);
            repair(database);
            try (var server = start(database, "new", "--port", Integer.toString(port))) {
                Await.until("apt is offered what there is, and that only", () -> {
                    apt.update();
                    return apt.available().equals(Set.of("kept 1"));
                });
                pushAgain(server, late, lost);
                apt.update();
                assertEquals(Set.of("kept 1", "late 1", "lost 1"), apt.available());
                var fetched = Files.createDirectory(folder.resolve("fetched"));
                apt.getIn(fetched, "download", "kept", "late", "lost").successful();
                for (var each : Map.of("kept", kept, "late", late, "lost", lost).entrySet()) {
                    assertArrayEquals(Files.readAllBytes(each.getValue()),
                            Files.readAllBytes(fetched.resolve(each.getKey() + "_1_all.deb")));
                }
                new Operator(server).types("repair").successful();
                assertEquals(0, server.stop());
            }
        }
    }

    private void putBack(OtherPostgres database) throws IOException {
        database.tool("createdb", "--maintenance-db=" + database.url("postgres"), "cambium").successful();
        database.tool("pg_restore", "--exit-on-error", "--dbname=" + database.url("cambium"), backup("cambium.dump"))
                .successful();
        Files.createDirectories(folder.resolve("new"));
        CommandRun.of("rsync", "-a", backup("blobs") + "/", folder.resolve("new/blobs") + "/").successful();
        CommandRun.of("cp", "-a", backup("master-key"), folder.resolve("new/master-key").toString()).successful();
    }

    /// By a process that neither publishes nor deploys. It tells of what the copy of the blobs has beyond the dump;
    /// that there was more, nobody can know.
    private void repair(OtherPostgres database) throws IOException {
        try (var server = start(database, "new", "--roles", "web,upload")) {
            var operator = new Operator(server);
            var repair = operator.types("repair");
            assertEquals(1, repair.exit(), repair.toString());
            assertTrue(repair.out().contains("Files of packages compared with the blob store: 1."), repair.out());
            assertTrue(repair.out().contains("Packages that the database does not know, to be pushed again where they "
                    + "belong: 1") && repair.out().contains("late_1_all.deb"), repair.out());
            assertFalse(repair.out().contains("lost their bytes"), repair.out());
            operator.types("account", "list").successful();
            operator.types("brake", "on", "--fleet", "--why", "restored").successful();
            assertEquals(0, server.stop());
        }
    }

    private void pushAgain(RunningServer server, Path late, Path lost) throws Exception {
        var operator = new Operator(server);
        var found = Files.createDirectory(folder.resolve("found")).resolve("late_1_all.deb");
        var sum = CommandRun.of("sha256sum", late.toString()).successful().out().substring(0, 64);
        CommandRun.of("cp", folder.resolve("new/blobs").resolve(sum.substring(0, 2)).resolve(sum).toString(),
                found.toString()).successful();
        operator.types("push", "--repo", TinyFleet.REPOSITORY, "--distro", "debian/bookworm", found.toString(),
                lost.toString()).successful();
        new Hosted(server, TinyFleet.REPOSITORY).awaitIndexed();
        operator.types("brake", "off", "--fleet", "--why", "looked at").successful();
    }

    private static void pushed(Hosted shop, Path deb) throws Exception {
        shop.pushed(deb);
        shop.awaitIndexed();
    }

    private String backup(String name) throws IOException {
        return Files.createDirectories(folder.resolve("backup")).resolve(name).toString();
    }

    private RunningServer start(OtherPostgres database, String data, String... settings) throws IOException {
        var all = new ArrayList<>(List.of("--database-url", database.url("cambium")));
        all.addAll(List.of(settings));
        return RunningServer.start(folder.resolve(data), all.toArray(String[]::new));
    }
}
