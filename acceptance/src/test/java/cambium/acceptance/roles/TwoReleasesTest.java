package cambium.acceptance.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.PrivateApt;
import cambium.acceptance.rollout.TinyFleet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// This release and the one after it, each a build of its own, on one database: forward, back, and forward again.
class TwoReleasesTest {
    private static final List<String> CELLS = List.of("canary", "main", "one", "two");

    @TempDir
    Path folder;
    private TinyFleet fleet;
    private SharedServer servers;
    private RunningServer web;
    private Hosted shop;
    private NewerRelease release;

    @Test
    void theyLeadInTurnsUntilTheNewerHasWrittenWhatTheOlderCannotRead() throws Exception {
        try (var tiny = TinyFleet.start(folder.resolve("fleet"));
                var shared = SharedServer.start(folder, "web,upload,index")) {
            fleet = tiny;
            servers = shared;
            web = shared.web();
            shop = fleet.declare(web);
            release = NewerRelease.build(folder.resolve("release"));
            var newer = forward();
            back(newer);
            var ran = fleet.runs();
            assertEquals(new HashSet<>(ran).size(), ran.size(), "an attempt ran twice: " + ran);
            assertTrue(ran.size() >= 3 * CELLS.size(), ran.toString());
        }
    }

    /// The newer one starts beside the older while a rollout goes on, and takes over from it.
    private RunningServer forward() throws Exception {
        var older = older("older");
        Await.until("the older one leads", () -> leads(older));
        deploy(web, "1.0");
        var newer = newer("newer");
        awaitComplete(web, "1.0");
        assertTrue(leads(older), "who leads goes on");
        assertFalse(leads(newer));
        assertTrue(ready(web).contains("a newer Cambium has brought the schema to V999"), ready(web));
        assertEquals(0, older.stop());
        Await.until("the newer one leads", () -> leads(newer));
        deploy(web, "1.1");
        awaitComplete(web, "1.1");
        return newer;
    }

    /// The newer one is taken back, and comes again in the midst of a rollout that the older one leads.
    private void back(RunningServer newer) throws Exception {
        var older = older("older-again");
        assertEquals(0, newer.stop());
        Await.until("the older one leads again", () -> leads(older));
        int before = fleet.runs().size();
        deploy(web, "1.2");
        Await.until("a step of 1.2 runs", () -> fleet.runs().size() > before);
        var again = newer("newer-again");
        assertFalse(leads(again), "an older one may lead");
        again.post("/api/fleet/pins", "{\"scope\":\"cell one\",\"version\":\"1.2\",\"why\":\"a test\"}");
        Await.until("the older one leads no more", () -> !leads(older) && leads(again));
        awaitComplete(again, "1.2");
        var refused = web.send("GET", "/api/fleet", "application/json", "");
        assertEquals(503, refused.statusCode());
        assertTrue(refused.body().contains("\"newer_cambium\""), refused.body());
        fleet.push(shop, "1.3");
        var apt = PrivateApt.of(folder.resolve("apt"), PrivateApt.keyOf(web, TinyFleet.REPOSITORY),
                web.at("/" + TinyFleet.REPOSITORY + "/debian"), "bookworm");
        apt.update();
        assertTrue(apt.available().contains("storefront 1.3"), "packages go on: " + apt.available());
        assertEquals(0, again.stop());
        double rounds = ticks(older);
        Await.until("the older one has had its turns", () -> ticks(older) > rounds + 2);
        assertFalse(leads(older), "it leads never again");
    }

    private RunningServer older(String name) throws IOException {
        return servers.join(name, "web,coordinate", "--drivers", fleet.drivers());
    }

    private RunningServer newer(String name) throws IOException {
        return servers.join(release.command(), name, "web,coordinate", "--drivers", fleet.drivers());
    }

    private void deploy(RunningServer server, String version) throws Exception {
        fleet.push(shop, version);
        server.post("/api/fleet/rollouts", "{\"version\":\"" + version + "\"}");
    }

    private void awaitComplete(RunningServer server, String version) throws Exception {
        Await.until(version + " is complete", () -> TinyFleet.isComplete(server, version));
        for (var cell : CELLS) {
            assertEquals(version, fleet.versionOf(cell), cell);
        }
    }

    private static String ready(RunningServer server) throws IOException {
        return server.send("GET", "/health/ready", "text/plain", "").body();
    }

    private static boolean leads(RunningServer server) throws IOException {
        return metric(server, "cambium_coordinator_leading") == 1;
    }

    private static double ticks(RunningServer server) throws IOException {
        return metric(server, "cambium_coordinator_ticks_total");
    }

    private static double metric(RunningServer server, String name) throws IOException {
        return server.send("GET", "/metrics", "text/plain", "").body().lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1))).findFirst().orElseThrow();
    }
}
