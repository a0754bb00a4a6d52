package cambium.server.fleet.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.fleet.handover.WebhookSpec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriverYamlTest {
    private static final String FIT = """
            kind: webhook
            hosts: [CI.Internal]
            start: {url: "https://ci.internal/start", body: start.json, run: /id}
            find: {url: "https://ci.internal/runs", where: /title, is: "cambium ${CAMBIUM_ATTEMPT}", run: /id}
            poll: {url: "https://ci.internal/${run}", state: [/state], succeeded: [ok], failed: [bad], every: 5s}
            callback: {secret: callback}
            cancel: {url: "https://ci.internal/${run}/cancel"}
            """;

    private static DriverYaml.Reading read(String text) {
        return DriverYaml.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsADriverOfPipelines() {
        var spec = assertInstanceOf(WebhookSpec.class,
                assertInstanceOf(DriverYaml.Reading.Read.class, read(FIT)).spec());
        assertEquals("POST", spec.start().method());
        assertEquals("GET", spec.poll().orElseThrow().request().method());
        assertTrue(spec.hosts().contains("ci.internal"));
        assertEquals("callback", spec.callback().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "https://ci.internal/start|https://${CAMBIUM_CELL}/start|its host written out",
        "https://ci.internal/start|https://user:pw@ci.internal/|without user",
        "https://ci.internal/start|file:///etc/passwd|an address is https://host/",
        "body: start.json|body: ../other/start.json|a file beside driver.yaml",
        "run: /id}|run: id}|a JSON pointer is expected",
        "cambium ${CAMBIUM_ATTEMPT}|cambium|it has to hold ${CAMBIUM_ATTEMPT}",
        "failed: [bad]|failed: [ok]|the word 'ok' stands for two things",
        "every: 5s|every: 1ms|from 100ms",
        "cancel:|cancle:|did you mean 'cancel'",
        "kind: webhook|kind: webhok|did you mean 'webhook'"})
    void saysWhatIsWrongAndWhere(String from, String to, String problem) {
        assertTrue(FIT.contains(from), from);
        var refused = assertInstanceOf(DriverYaml.Reading.Refused.class, read(FIT.replace(from, to)));
        assertTrue(refused.problems().contains(problem), refused.problems());
    }

    @Test
    void asksForAWayToLearnHowARunEnds() {
        var refused = assertInstanceOf(DriverYaml.Reading.Refused.class,
                read("kind: webhook\nstart: {url: \"https://ci.internal/start\"}\n"));
        assertTrue(refused.problems().contains("nothing would tell how a run ended"), refused.problems());
    }
}
