package cambium.acceptance.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.Operator;
import cambium.acceptance.RunningServer;
import cambium.acceptance.rollout.TinyFleet;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// File descriptors run out: those of a coordinator in the midst of its work, and those of a server that a crowd of
/// connections would like to have.
class NoDescriptorsTest {
    private static final List<String> CELLS = List.of("canary", "main", "one", "two");
    /// Fewer than a server has at once with the crowd that comes.
    private static final int FEW = 640;
    private static final int CROWD = 700;

    @TempDir
    Path folder;

    @Test
    void aCoordinatorWithoutThemLetsAnotherLeadAndNothingWrongIsRecorded() throws Exception {
        try (var fleet = TinyFleet.start(folder.resolve("fleet"));
                var shared = SharedServer.start(folder, "web,upload,index")) {
            var web = shared.web();
            var shop = fleet.declare(web);
            fleet.push(shop, "1.0");
            fleet.push(shop, "1.1");
            var first = join(shared, fleet, "first");
            TinyFleet.deploy(web, "1.0");
            Await.until("1.0 is complete", () -> TinyFleet.isComplete(web, "1.0"));
            assertTrue(first.output().contains("fleet: this process coordinates"));
            var second = join(shared, fleet, "second");
            assertEquals(200, ready(first).statusCode(), "a connection is open");
            var limit = limit(first, Integer.toString(lastDescriptor(first) + 1));
            TinyFleet.deploy(web, "1.1");
            Await.until("it says so", () -> ready(first).body().contains("no file descriptors left"));
            Await.until("another leads", () -> second.output().contains("fleet: this process coordinates"));
            Await.until("1.1 is complete", () -> TinyFleet.isComplete(web, "1.1"));
            for (var cell : CELLS) {
                assertEquals("1.1", fleet.versionOf(cell), cell);
            }
            var still = ready(first).body();
            assertTrue(still.contains("no file descriptors left"), still);
            new Operator(web).types("brake", "on", "--fleet", "--why", "try").successful();
            limit(first, limit);
            Await.until("it has some again", () -> ready(first).body().contains("\"status\":\"ok\""));
            second.stop();
            Await.until("it leads again", () -> first.output().lastIndexOf("this process coordinates")
                    > first.output().lastIndexOf("another process coordinates"));
            fleet.push(shop, "1.2");
            var braked = web.send("POST", "/api/fleet/rollouts", "application/json", "{\"version\":\"1.2\"}");
            assertEquals(423, braked.statusCode(), braked.body());
            new Operator(web).types("brake", "off", "--fleet", "--why", "tried").successful();
            TinyFleet.deploy(web, "1.2");
            Await.until("it deploys again", () -> fleet.versionOf("canary").equals("1.2"));
            assertAllWasSeen(fleet.assertNothingWrong(web));
        }
    }

    @Test
    void aCrowdOfConnectionsTakesNoneFromTheRestOfAServer() throws Exception {
        var few = FEW + ":" + FEW;
        var crowd = new ArrayList<Socket>();
        try (var fleet = TinyFleet.start(folder.resolve("fleet"));
                var server = RunningServer.startBehind(List.of("prlimit", "--nofile=" + few), folder.resolve("data"),
                    Map.of(), "--drivers", fleet.drivers())) {
            var shop = fleet.declare(server);
            fleet.push(shop, "1.0");
            fleet.push(shop, "1.1");
            TinyFleet.deploy(server, "1.0");
            Await.until("1.0 is complete", () -> TinyFleet.isComplete(server, "1.0"));
            for (int i = 0; i < CROWD; i++) {
                crowd.add(new Socket(server.address().getHost(), server.address().getPort()));
            }
            TinyFleet.deploy(server, "1.1");
            Await.until("1.1 is complete", () -> TinyFleet.isComplete(server, "1.1"));
            new Operator(server).types("brake", "on", "--fleet", "--why", "a crowd").successful();
            fleet.push(shop, "1.2");
            assertTrue(ready(server).body().contains("\"status\":\"ok\""), ready(server).body());
            assertFalse(server.output().contains("no file descriptors left"), server.output());
            assertAllWasSeen(fleet.assertNothingWrong(server));
            for (var each : crowd) {
                each.close();
            }
        }
    }

    private static RunningServer join(SharedServer shared, TinyFleet fleet, String name) throws IOException {
        return shared.join(name, "web,coordinate", "--drivers", fleet.drivers());
    }

    /// Over the connection that is open: no other would be taken.
    private static java.net.http.HttpResponse<String> ready(RunningServer server) throws IOException {
        return server.send(HttpRequest.newBuilder(server.at("/health/ready")).timeout(Duration.ofSeconds(20)).build());
    }

    private static int lastDescriptor(RunningServer server) throws IOException {
        try (var open = Files.list(Path.of("/proc", Long.toString(server.pid()), "fd"))) {
            return open.mapToInt(each -> Integer.parseInt(each.getFileName().toString())).max().orElseThrow();
        }
    }

    /// Gives the limit that was before.
    private static String limit(RunningServer server, String files) throws IOException {
        var pid = Long.toString(server.pid());
        var before = CommandRun.of("prlimit", "--pid", pid, "--nofile", "--output", "SOFT", "--noheadings").out();
        CommandRun.of("prlimit", "--pid", pid, "--nofile=" + files + ":").successful();
        return before.strip();
    }

    /// Until the first rollout is over, cells are empty.
    private static void assertAllWasSeen(String log) {
        var since = log.substring(log.indexOf("RolloutCompleted"));
        assertFalse(since.contains("PageRaised") || since.contains("\"reachable\":false"), since);
    }
}
