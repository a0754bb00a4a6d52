package cambium.acceptance.roles;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that coordinates has far too little memory for what people send it, in the midst of a rollout.
class FullHeapTest {
    private static final int AT_ONCE = 6;
    private static final int LARGE = 7 << 20;

    @TempDir
    Path folder;

    @Test
    void whatFindsNoMemoryFailsAloneAndTheRolloutGoesOnWithNothingWrongRecorded() throws Exception {
        try (var fleet = TinyFleet.start(folder.resolve("fleet"));
                var shared = SharedServer.start(folder, "web,upload,index")) {
            var web = shared.web();
            var shop = fleet.declare(web);
            fleet.push(shop, "1.0");
            var server = shared.joinBy("127.0.0.1", Map.of("JAVA_TOOL_OPTIONS", "-Xmx96m"), "small", "web,coordinate",
                    "--drivers", fleet.drivers());
            TinyFleet.deploy(web, "1.0");
            Await.until("1.0 is on its way", () -> fleet.runs().stream().anyMatch(run -> run.startsWith("r1.")));
            Await.until("there was no memory", () -> {
                assertTrue(Set.of(200, 422, 500, 503, -1).containsAll(crowd(server)), "no other answer");
                return server.output().contains("OutOfMemoryError");
            });
            Await.until("1.0 is complete", () -> TinyFleet.isComplete(web, "1.0"));
            Await.until("it is well", () -> server.send("GET", "/health/ready", "text/plain", "").body()
                    .contains("\"status\":\"ok\""));
            fleet.assertNothingWrong(web);
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
