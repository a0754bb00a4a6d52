package cambium.server.fleet.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetRules;
import cambium.rollout.Mandatory;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Verdict;
import cambium.server.fleet.OutboxEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FleetJsonTest {
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00.5Z");

    @Test
    void everyKindOfEventComesBackAsItWas() {
        var seed = new Random().nextLong();
        var values = new RandomRecords(seed);
        for (var kind : FleetEvent.class.getPermittedSubclasses()) {
            for (var i = 0; i < 200; i++) {
                var event = (FleetEvent) values.any(kind);
                var text = FleetJson.text(event);
                assertEquals(event, FleetJson.event(text), () -> "seed " + seed);
                assertEquals(text, FleetJson.text(FleetJson.event(text)), () -> "seed " + seed);
                assertTrue(text.indexOf('\n') < 0 && text.startsWith("{\"is\":\"" + kind.getSimpleName() + "\""), text);
            }
        }
    }

    @Test
    void aFleetComesBackAsItWas() {
        var seed = new Random().nextLong();
        var values = new RandomRecords(seed);
        for (var i = 0; i < 20; i++) {
            var events = new ArrayList<FleetEvent>(List.of((FleetEvent) values.any(FleetEvent.FleetApplied.class)));
            for (var j = 0; j < 300; j++) {
                events.add((FleetEvent) values.any(FleetEvent.class));
            }
            var fleet = Fleet.empty().after(events);
            assertEquals(fleet, FleetJson.fleet(FleetJson.text(fleet)), () -> "seed " + seed);
        }
    }

    @Test
    void theStoredFormIsFixed() {
        var finished = new FleetEvent.AttemptFinished(AT, AttemptId.of("r7.cell4.deploy.1"),
                new AttemptResult.Failed("exit code 3"));
        assertEquals("{\"is\":\"AttemptFinished\",\"at\":\"2026-11-21T12:00:00.500Z\","
                + "\"attempt\":\"r7.cell4.deploy.1\",\"result\":{\"is\":\"Failed\",\"reason\":\"exit code 3\"}}",
                FleetJson.text(finished));
        assertEquals("{\"is\":\"RingAdmitted\",\"at\":\"2026-11-21T12:00:00.500Z\",\"version\":\"1.0\",\"ring\":2}",
                FleetJson.text(new FleetEvent.RingAdmitted(AT, ProductVersion.of("1.0"), RingNumber.of(2))));
        var start = new OutboxEntry.Start(AttemptId.of("r7.cell4.deploy.1"));
        assertEquals("{\"is\":\"Start\",\"attempt\":\"r7.cell4.deploy.1\"}", FleetJson.text(start));
        assertEquals(start, FleetJson.entry(FleetJson.text(start)));
    }

    /// One of each kind and more, as this program wrote them when the file was made. Lines are only ever added.
    @Test
    void whatWasEverWrittenIsStillRead() throws Exception {
        var kinds = new TreeSet<String>();
        try (var written = FleetJsonTest.class.getResourceAsStream("written-events.jsonl")) {
            for (var line : new String(written.readAllBytes(), UTF_8).lines().toList()) {
                kinds.add(FleetJson.event(line).getClass().getSimpleName());
            }
        }
        assertEquals(38, kinds.size(), kinds.toString());
    }

    @Test
    void aPolicyFromBeforeAPartOfItWasInventedReadsAsTheDefaultOfThatPart() {
        var applied = (FleetEvent.FleetApplied) new RandomRecords(7).any(FleetEvent.FleetApplied.class);
        var text = FleetJson.text(applied);
        var older = text.replaceAll(",\"mandatory\":\\[[^]]*\\]", "").replaceAll(",\"rules\":[^}]*}?", "") + "}}";
        var spec = ((FleetEvent.FleetApplied) FleetJson.event(older)).spec();
        assertEquals(FleetRules.DEFAULT, spec.rules());
        assertEquals(Mandatory.DEFAULT, spec.rings().getFirst().policy().mandatory());
        assertEquals(applied.spec().rings().getFirst().policy().bake(), spec.rings().getFirst().policy().bake());
    }

    @Test
    void whatIsNotUnderstoodIsRefusedLoudly() {
        refuses("unknown kind of FleetEvent: 'Teleported'", "{\"is\":\"Teleported\"}");
        refuses("unknown kind of FleetEvent: ''", "{}");
        refuses("AttemptStarted lacks the field 'attempt'",
                "{\"is\":\"AttemptStarted\",\"at\":\"2026-11-21T12:00:00Z\"}");
        refuses("AttemptStarted has no field 'x'",
                "{\"is\":\"AttemptStarted\",\"at\":\"2026-11-21T12:00:00Z\",\"attempt\":\"r7.c.deploy.1\",\"x\":1}");
        refuses("AttemptId: '../x' is not an attempt id",
                "{\"is\":\"AttemptStarted\",\"at\":\"2026-11-21T12:00:00Z\",\"attempt\":\"../x\"}");
        refuses("Instant", "{\"is\":\"AttemptStarted\",\"at\":\"yesterday\",\"attempt\":\"r7.c.deploy.1\"}");
        refuses("RingNumber: ring is 7000",
                "{\"is\":\"RingAdmitted\",\"at\":\"2026-11-21T12:00:00Z\",\"version\":\"1.0\",\"ring\":7000}");
        refuses("a value of another type was expected, not STRING",
                "{\"is\":\"RingAdmitted\",\"at\":\"2026-11-21T12:00:00Z\",\"version\":\"1.0\",\"ring\":\"2\"}");
        refuses("", "[");
    }

    private static void refuses(String reason, String text) {
        var refused = assertThrows(IllegalStateException.class, () -> FleetJson.event(text));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void tellsAVerdictInALineOfTheServersLogWithoutItsFigures() {
        var attempt = AttemptId.of("r1.c1.deploy.1");
        var evidence = new Evidence("no worse than before", List.of(new Evidence.Signal("errors", 0, 0, "%", 0, 1)));
        var line = FleetJson.line(new FleetEvent.VerdictReached(Instant.EPOCH, attempt.cell(), attempt,
                ProductVersion.of("1.0.0"), Verdict.HEALTHY, 40, evidence));
        assertTrue(line.contains("no worse than before") && line.contains("HEALTHY"), line);
        assertFalse(line.contains("zScore"), line);
    }
}
