package cambium.acceptance.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.RunningServer;
import cambium.acceptance.rollout.TinyFleet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that coordinates has far too little memory for what people send it, in the midst of a rollout.
class FullHeapTest {
    private static final int AT_ONCE = 2;
    private static final int LARGE = 7 << 20;
    private static final int DAMAGED = 3;
    /// The last, for bodies that came slowly since whoever reads them had no memory.
    private static final Set<Integer> AS_IT_MAY = Set.of(200, 422, 500, 503, -1, 408);

    @TempDir
    Path folder;

    @Test
    void whatFindsNoMemoryFailsAloneAndTheRolloutGoesOnWithNothingWrongRecorded() throws Exception {
        try (var fleet = TinyFleet.start(folder.resolve("fleet"));
                var shared = SharedServer.start(folder, "web,upload,index")) {
            var web = shared.web();
            var shop = fleet.declare(web);
            fleet.push(shop, "1.0");
            var server = small(shared, fleet);
            TinyFleet.deploy(web, "1.0");
            Await.until("1.0 is on its way", () -> fleet.runs().stream().anyMatch(run -> run.startsWith("r1.")));
            Await.until("there was no memory", () -> {
                var answers = crowd(server);
                assertTrue(AS_IT_MAY.containsAll(answers), () -> "another answer: " + answers);
                return server.output().contains("OutOfMemoryError");
            });
            var now = new AtomicReference<>(server);
            Await.until("1.0 is complete", () -> {
                supervise(now, shared, fleet);
                return TinyFleet.isComplete(web, "1.0");
            });
            Await.until("it is well", () -> {
                supervise(now, shared, fleet);
                return isWell(now.get());
            });
            fleet.assertNothingWrong(web);
        }
    }

    private static RunningServer small(SharedServer shared, TinyFleet fleet) throws IOException {
        return shared.joinBy("127.0.0.1", Map.of("JAVA_TOOL_OPTIONS", "-Xmx64m"), "small", "web,coordinate",
                "--drivers", fleet.drivers());
    }

    /// Starts anew one that has ended, which it may only do where it says that it cannot go on.
    private static void supervise(AtomicReference<RunningServer> now, SharedServer shared, TinyFleet fleet)
            throws IOException {
        var server = now.get();
        if (!server.isAlive()) {
            assertEquals(DAMAGED, server.stop(), server.output());
            assertTrue(server.output().contains("memory ran out and left a part of this process broken"),
                    server.output());
            now.set(small(shared, fleet));
        }
    }

    private static boolean isWell(RunningServer server) {
        try {
            return server.send("GET", "/health/ready", "text/plain", "").body().contains("\"status\":\"ok\"");
        } catch (IOException ending) {
            return false;
        }
    }

    /// All at once; how they are answered, or -1 for a connection that broke.
    private static Set<Integer> crowd(RunningServer server) throws Exception {
        var yaml = new StringBuilder("fleet: large\nrings:\n  - ring: 0\n    cells:\n");
        for (int i = 0; yaml.length() < LARGE; i++) {
            yaml.append("      - {cell: c").append(i).append("}\n");
        }
        try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < AT_ONCE; i++) {
                asked.add(() -> {
                    try {
                        return server.send("POST", "/api/fleet/diff", "application/yaml", yaml.toString()).statusCode();
                    } catch (IOException broken) {
                        return -1;
                    }
                });
            }
            var answers = new HashSet<Integer>();
            for (var answer : each.invokeAll(asked)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
