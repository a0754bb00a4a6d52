package cambium.server.fleet.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptResult;
import cambium.server.access.HmacSha256;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.fleet.handover.Handover.Phase;
import cambium.server.fleet.handover.Strays;
import cambium.server.http.Json;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nobody asks how a run is: it tells, and signs what it tells.
class ToldRunsTest extends WebhookDriverContract {
    private final Set<String> told = new HashSet<>();
    private TestServer server;
    private Thread teller;
    private volatile boolean telling = true;

    @Override
    PlayedPipelines.Answering answering() {
        return PlayedPipelines.Answering.NAMES_NOTHING;
    }

    @Override
    String following(String url) {
        return "callback: {secret: token}\ncancel: {url: \"" + url + "/runs/${run}/cancel\"}\n";
    }

    @BeforeEach
    void listen() {
        server = TestServer.of(new PipelineRoutes(new DriverFolders(drivers), handovers(), time).routes());
        teller = Thread.ofVirtual().start(this::tell);
    }

    @AfterEach
    void stop() {
        telling = false;
        Eventually.holds("nobody tells any more", () -> !teller.isAlive());
        server.close();
    }

    private void tell() {
        try {
            while (telling) {
                for (var run : pipelines.now()) {
                    if (told.add(run.id + " begun")) {
                        begin(run);
                    }
                    if (!run.state.equals("running") && told.add(run.id + " " + run.state)) {
                        post(run.behaviour, run.attempt, switch (run.state) {
                            case "success" -> "succeeded";
                            case "canceled" -> "cancelled";
                            default -> "failed";
                        }, run.id + "", "no space left", "done");
                    }
                }
                Thread.sleep(5);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(PlayedPipelines.Run run) {
        if (!post(run.behaviour, run.attempt, "begun", run.id + "", "", "").body().contains("true")) {
            told.remove(run.id + " begun");
        }
    }

    private HttpResponse<String> post(String driver, String attempt, String result, String run, String reason,
            String log) {
        var body = Json.write(Map.of("attempt", attempt, "result", result, "run", run, "reason", reason, "log", log));
        return post(driver, body, time.instant(), SECRET);
    }

    private HttpResponse<String> post(String driver, byte[] body, Instant at, String secret) {
        var timestamp = Long.toString(at.getEpochSecond());
        var signature = HexFormat.of().formatHex(HmacSha256.of(secret.getBytes(StandardCharsets.UTF_8),
                (timestamp + "." + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)));
        return server.send(server.request("/api/fleet/drivers/" + driver + "/results", "X-Cambium-Timestamp", timestamp,
                "X-Cambium-Signature", "sha256=" + signature).POST(BodyPublishers.ofByteArray(body)).build());
    }

    private void runsByItself() {
        telling = false;
        Eventually.holds("nobody tells", () -> !teller.isAlive());
        open().start(order(ATTEMPT, "waits"));
        Eventually.holds("it runs", () -> runs(ATTEMPT) == 1
                && handovers().find(ATTEMPT).orElseThrow().phase() instanceof Phase.Running);
    }

    private boolean counted(String attempt, String result, String run) {
        var answer = post("waits", attempt, result, run, "", "");
        assertEquals(200, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8)).path("counted").asBoolean();
    }

    @Test
    void aResultCountsOnceForTheRunThatBeganAndIsElseKeptAsAStray() {
        runsByItself();
        var name = ATTEMPT.toString();
        assertTrue(counted(name, "begun", "17"));
        assertTrue(counted(name, "begun", "17"), "the same run may say so again");
        assertTrue(!counted(name, "begun", "18"), "a second run of the attempt must stop");
        assertTrue(!counted(name, "succeeded", "18"), "another run");
        assertTrue(!counted("r7.cell4.deploy.9", "succeeded", "17"), "another attempt");
        assertTrue(!counted("'; drop table", "failed", "17"), "no attempt at all");
        assertEquals(200, post("works", name, "succeeded", "17", "", "").statusCode());
        assertEquals(new StepProgress.Running(), open().progress(ATTEMPT), "another driver's word ends nothing");
        assertTrue(counted(name, "succeeded", "17"));
        assertTrue(!counted(name, "failed", "17"), "a late result changes nothing");
        assertEquals(new AttemptResult.Succeeded(), end(open(), ATTEMPT));
        assertEquals(List.of("failed by run 17", "succeeded by run 17", "failed by run 17", "succeeded by run 17",
                "succeeded by run 18", "begun by run 18"), handovers().strays(Instant.EPOCH, 10).stream()
                .map(Strays.Stray::said).toList());
        assertEquals(List.of(), handovers().strays(time.instant(), 10), "none since now");
    }

    @Test
    void anAnswerToTheStartThatComesAfterTheResultDoesNotTakeTheLogAway() throws Exception {
        runsByItself();
        assertEquals(200, post("waits", ATTEMPT.toString(), "succeeded", "17", "", "all is done").statusCode());
        handovers().log(ATTEMPT, "asked for; its run is not known yet\n");
        assertEquals("all is done", log(open(), ATTEMPT));
        assertEquals(200, post("waits", ATTEMPT.toString(), "failed", "17", "", "not done").statusCode());
        assertEquals("all is done", log(open(), ATTEMPT), "a late result changes nothing");
    }

    @Test
    void whatIsNotSignedRightNowByTheDriverIsRefusedAndLeavesNothing() {
        runsByItself();
        var body = Json.write(Map.of("attempt", ATTEMPT.toString(), "result", "succeeded"));
        assertEquals(401, post("waits", body, time.instant(), "another secret").statusCode());
        assertEquals(401, post("waits", body, time.instant().minus(Duration.ofMinutes(6)), SECRET).statusCode());
        assertEquals(401, post("waits", body, time.instant().plus(Duration.ofMinutes(6)), SECRET).statusCode());
        assertEquals(401, server.send("POST", "/api/fleet/drivers/waits/results", "application/json",
                new String(body, StandardCharsets.UTF_8)).statusCode());
        assertEquals(404, post("nobody", body, time.instant(), SECRET).statusCode());
        assertEquals(404, post("pull", body, time.instant(), SECRET).statusCode());
        assertEquals(422, post("waits", Json.write(Map.of("attempt", "r1.c.deploy.1", "result", "fine")),
                time.instant(), SECRET).statusCode());
        assertEquals(413, post("waits", new byte[1 << 17], time.instant(), SECRET).statusCode());
        assertEquals(new StepProgress.Running(), open().progress(ATTEMPT));
        assertEquals(List.of(), handovers().strays(Instant.EPOCH, 10));
        assertEquals(200, post("waits", body, time.instant(), SECRET).statusCode());
        assertEquals(new AttemptResult.Succeeded(), end(open(), ATTEMPT));
    }
}
