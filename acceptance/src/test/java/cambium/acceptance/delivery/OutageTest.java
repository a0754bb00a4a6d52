package cambium.acceptance.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.PrivateApt;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads go on while the database is away, whether it hangs or is gone; writes are refused and nothing is half done.
/// The server starts a PostgreSQL of its own again as soon as it can.
class OutageTest {
    @TempDir
    Path folder;

    private RunningServer server;

    @Test
    void servesPublicPackagesWithoutItsDatabase() throws Exception {
        try (var started = RunningServer.start(folder.resolve("data"))) {
            server = started;
            var shop = Hosted.create(server, "acme/shop");
            server.post("/api/v1/repos", "{\"repository\":{\"name\":\"acme/secret\",\"private\":\"1\"}}");
            shop.pushed(DebBuilder.of("till", "1").build(folder));
            shop.pushed(DebBuilder.of("scale", "1").build(folder));
            new Hosted(server, "acme/secret").pushed(DebBuilder.of("plans", "1").build(folder));
            shop.awaitIndexed();
            new Hosted(server, "acme/secret").awaitIndexed();
            Await.until("what is shown is kept as well", this::isReady);
            var key = PrivateApt.keyOf(server, "acme/shop");
            awaitRenewal();
            var processes = postgres();
            signal("-STOP", processes);
            readsWithoutTheDatabase("stopped", key);
            signal("-CONT", processes);
            Await.until("the database is found again", this::isReady);
            shop.pushed(DebBuilder.of("drawer", "1").build(folder));
            shop.awaitIndexed();
            var apt = apt("after", key);
            apt.update();
            assertEquals(Set.of("till 1", "scale 1", "drawer 1"), apt.available());
            awaitRenewal();
            throughAKilledPostgres(shop, key);
        }
        try (var again = RunningServer.start(folder.resolve("data"))) {
            server = again;
            assertEquals(Set.of("till_1_all.deb", "scale_1_all.deb", "drawer_1_all.deb", "scanner_1_all.deb"),
                    new Hosted(again, "acme/shop").fileNames(), "nothing of what was refused is there");
        }
    }

    /// It cannot be started again for a while, then it can; and once more, this time at once.
    private void throughAKilledPostgres(Hosted shop, String key) throws Exception {
        var program = program();
        Files.move(program, folder.resolve("postgres"));
        signal("-KILL", postgres());
        var killed = readsWithoutTheDatabase("killed", key);
        assertTrue(killed.contains("drawer 1"), "as new as the database was: " + killed);
        Await.until("more than one try has failed", () -> failedTries() > 1);
        Files.move(folder.resolve("postgres"), program);
        Await.until("the server starts its PostgreSQL again by itself", this::isReady);
        shop.pushed(DebBuilder.of("scanner", "1").build(folder));
        var before = postgres().getFirst();
        signal("-KILL", List.of(before));
        Await.until("it is noticed", () -> metric("cambium_postgres_ends_total") == 2);
        Await.until("another PostgreSQL runs", this::isReady);
        assertNotEquals(before, postgres().getFirst());
        shop.awaitIndexed();
        assertTrue(failedTries() < 12, "not a hot loop:\n" + server.output());
    }

    private Path program() throws IOException {
        try (var folders = Files.newDirectoryStream(server.data(), "postgres-*")) {
            return folders.iterator().next().resolve("bin/postgres");
        }
    }

    private long failedTries() {
        return server.output().lines().filter(line -> line.contains("could not be started again")).count();
    }

    /// From an apt that has never asked before. Gives what the index offers.
    private Set<String> readsWithoutTheDatabase(String name, String key) throws Exception {
        Await.until("the server sees that the database is away", () -> readyAs("degraded"));
        assertEquals(key, server.send("GET", "/acme/shop/gpgkey", "text/plain", "").body());
        var apt = apt(name, key);
        apt.update();
        apt.get("install", "till", "scale").successful();
        assertEquals(Optional.of("1"), apt.installed("till"));
        assertEquals(Optional.of("1"), apt.installed("scale"));
        assertEquals(302, anonymous("/acme/shop/packages/debian/bookworm/till_1_all.deb/download").statusCode());
        assertEquals(404, anonymous("/acme/shop/packages/debian/bookworm/plans_1_all.deb/download").statusCode());
        var hidden = anonymous("/acme/secret/debian/dists/bookworm/InRelease");
        var missing = anonymous("/acme/nothing/debian/dists/bookworm/InRelease");
        assertEquals(503, hidden.statusCode(), "a private repository stays private");
        assertEquals(missing.statusCode(), hidden.statusCode());
        assertEquals(missing.body().replaceAll("request_id.*", ""), hidden.body().replaceAll("request_id.*", ""));
        var refused = new Hosted(server, "acme/shop").push(DebBuilder.of("late", "1").build(folder));
        assertEquals(503, refused.statusCode());
        assertEquals("5", refused.headers().firstValue("Retry-After").orElseThrow());
        return apt.available();
    }

    /// A look that ends from now on may have begun before; the one after it has not.
    private void awaitRenewal() throws Exception {
        double enough = metric("cambium_standby_looks_total") + 2;
        Await.until("what is kept for the time without a database is renewed",
                () -> metric("cambium_standby_looks_total") >= enough);
    }

    private double metric(String name) throws IOException {
        var metrics = server.send("GET", "/metrics", "text/plain", "").body();
        return metrics.lines().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1))).findFirst()
                .orElseThrow();
    }

    private PrivateApt apt(String name, String key) throws IOException {
        return PrivateApt.of(folder.resolve(name), key, server.at("/acme/shop/debian"), "bookworm");
    }

    private boolean isReady() throws IOException {
        return readyAs("ok");
    }

    private boolean readyAs(String status) throws IOException {
        var ready = server.send("GET", "/health/ready", "text/plain", "");
        return ready.statusCode() == 200 && ready.body().contains("\"status\":\"" + status + "\"");
    }

    private HttpResponse<String> anonymous(String path) throws IOException {
        return server.send(HttpRequest.newBuilder(server.at(path)).build());
    }

    /// The server's own PostgreSQL with all its processes.
    private List<String> postgres() throws IOException {
        long first = Long.parseLong(
                Files.readAllLines(server.data().resolve("database/postmaster.pid")).getFirst().strip());
        var pids = new ArrayList<>(List.of(Long.toString(first)));
        ProcessHandle.of(first).orElseThrow().descendants().forEach(child -> pids.add(Long.toString(child.pid())));
        return pids;
    }

    private static void signal(String signal, List<String> pids) throws IOException {
        var command = new ArrayList<>(List.of("kill", signal));
        command.addAll(pids);
        CommandRun.of(command.toArray(String[]::new)).exit();
    }
}
