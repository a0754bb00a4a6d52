package cambium.server.fleet.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.CellDriverContract;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.Handovers;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example drivers, with nothing changed but the host and the pace, against servers that play the documented API of
/// GitLab and GitHub: the real ones cannot stand on a test machine.
class ExamplePipelinesTest {
    private static final Path EXAMPLES = Path.of("../deploy/example/webhook/drivers");

    @TempDir
    private Path drivers;
    private final Database database = TestDatabase.fresh();
    private final Handovers handovers = new Handovers(database, InstantSource.system());
    private final Supplier<WebhookCellDriver> opening = () -> new WebhookCellDriver(handovers,
            new DriverFolders(drivers), () -> { }, InstantSource.system());
    private WebhookCellDriver driver;

    @AfterEach
    void close() {
        driver.close();
        database.close();
    }

    private void install(String name, String host, StrictServer server, Map<String, String> secrets)
            throws IOException {
        var folder = Files.createDirectories(drivers.resolve(name));
        try (var files = Files.list(EXAMPLES.resolve(name))) {
            for (var file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName().toString()));
            }
        }
        var yaml = folder.resolve("driver.yaml");
        var text = Files.readString(yaml);
        assertTrue(text.contains("https://" + host), text);
        Files.writeString(yaml, text.replace("https://" + host, server.url()).replaceAll("every: [0-9]+s",
                "every: 100ms") + "hosts: [127.0.0.1]\n");
        for (var secret : secrets.entrySet()) {
            var file = Files.writeString(folder.resolve(secret.getKey()), secret.getValue() + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        driver = opening.get();
    }

    private StepOrder begun(int number, String name) {
        var order = Orders.of(AttemptId.of("r7.cell4.deploy." + number), name);
        driver.start(order);
        return order;
    }

    /// Access to the order of the contract.
    private abstract static class Orders extends CellDriverContract {
        static StepOrder of(AttemptId attempt, String driver) {
            return order(attempt, driver);
        }
    }

    private AttemptResult end(StepOrder order) {
        Eventually.holds("it ends", () -> driver.progress(order.attempt()) instanceof StepProgress.Ended);
        return assertInstanceOf(StepProgress.Ended.class, driver.progress(order.attempt())).result();
    }

    private void runs(StepOrder order) {
        Eventually.holds("its page is told", () -> driver.progress(order.attempt()) instanceof StepProgress.Running
                && log(order).contains("https://git"));
    }

    private String log(StepOrder order) throws IOException {
        try (var in = driver.log(order.attempt()).orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void gitLabRunsAPipelineForAnAttempt() throws Exception {
        try (var gitlab = new PlayedGitLab()) {
            install("gitlab", "gitlab.example.com", gitlab,
                    Map.of("token", PlayedGitLab.TRIGGER, "read-token", PlayedGitLab.TOKEN));
            var order = begun(1, "gitlab");
            runs(order);
            gitlab.set("status", "running");
            gitlab.set("status", "success");
            assertEquals(new AttemptResult.Succeeded(), end(order));
            assertTrue(log(order).contains("/-/pipelines/1000"), log(order));
            var told = gitlab.variables.getFirst();
            assertEquals("5", told.get("CAMBIUM_EPOCH"));
            assertEquals("full", told.get("CAMBIUM_KIND"));
            assertEquals("storefront 1.1.0-1 amd64 " + "ab".repeat(32)
                    + " http://h:1/a/s/debian/pool/s/storefront_1.1.0-1_amd64.deb", told.get("CAMBIUM_PACKAGES"));
            gitlab.loseTheNextAnswer = true;
            var lost = begun(2, "gitlab");
            runs(lost);
            gitlab.set("status", "failed");
            assertEquals(new AttemptResult.Failed("the pipeline says failed"), end(lost));
            var braked = begun(3, "gitlab");
            runs(braked);
            assertTrue(driver.cancel(braked.attempt(), "brake"));
            assertEquals(new AttemptResult.Cancelled("brake"), end(braked));
            assertEquals(3, gitlab.runs.size(), "one for each attempt");
            assertEquals(List.of(), gitlab.unknown);
        }
    }

    @Test
    void gitHubRunsAWorkflowForAnAttempt() throws Exception {
        try (var github = new PlayedGitHub()) {
            install("github", "api.github.com", github, Map.of("token", PlayedGitHub.TOKEN));
            var order = begun(1, "github");
            runs(order);
            github.set("status", "completed");
            github.set("conclusion", "success");
            assertEquals(new AttemptResult.Succeeded(), end(order));
            assertEquals("5", github.variables.getFirst().get("epoch"));
            assertEquals("deploy", github.variables.getFirst().get("step"));
            github.loseTheNextAnswer = true;
            var lost = begun(2, "github");
            runs(lost);
            github.set("status", "completed");
            github.set("conclusion", "failure");
            assertEquals(new AttemptResult.Failed("the pipeline says failure"), end(lost));
            var braked = begun(3, "github");
            runs(braked);
            assertTrue(driver.cancel(braked.attempt(), "brake"));
            assertEquals(new AttemptResult.Cancelled("brake"), end(braked));
            assertEquals(3, github.runs.size(), "one for each attempt");
            assertEquals(List.of(), github.unknown);
        }
    }

    @Test
    void aTokenThatGitLabDoesNotKnowIsToldAndBeginsNothing() throws Exception {
        try (var gitlab = new PlayedGitLab()) {
            install("gitlab", "gitlab.example.com", gitlab, Map.of("token", "glptt-wrong", "read-token", "x"));
            assertEquals(new AttemptResult.Failed(
                    "the pipeline's server answers 404: {\"message\":\"404 Not Found\"}"), end(begun(1, "gitlab")));
            assertEquals(0, gitlab.runs.size());
        }
    }
}
