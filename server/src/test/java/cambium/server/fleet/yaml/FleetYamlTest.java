package cambium.server.fleet.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AtOnce;
import cambium.rollout.Bake;
import cambium.rollout.BehindLimit;
import cambium.rollout.CellPolicy;
import cambium.rollout.CellSpec;
import cambium.rollout.FleetSpec;
import cambium.rollout.Measuring;
import cambium.rollout.Pace;
import cambium.rollout.RingPolicy;
import cambium.rollout.Schedule;
import cambium.rollout.StepKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetYamlTest {
    private static final String SMALL = """
            fleet: example
            product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
            perimeter: 1
            policy: {at-once: 50%, bake: {time: 90s, samples: 20}, timeout: 10m, retries: 1}
            rings:
              - ring: 0
                policy: {qa: soft, pdm: with-deployment, bake: {time: 1h}}
                cells:
                  - {cell: canary, kind: canary, driver: local, health: "http://h:1/health", metrics: "http://h:1/m"}
                  - {cell: qa, kind: qa, driver: local, health: "http://h:2/health", metrics: "http://h:2/metrics"}
              - ring: 1
                cells:
                  - cell: main
                    kind: main
                    driver: local
                    health: http://h:3/health
                    metrics: http://h:3/metrics
                    settings: {port: "9103", mode: 5}
            """;

    private static FleetSpec good(String text) {
        var reading = FleetYaml.read(text.getBytes(StandardCharsets.UTF_8));
        return assertInstanceOf(FleetYaml.Reading.Read.class, reading, reading.toString()).spec();
    }

    private static List<String> complaints(String text) {
        var reading = FleetYaml.read(text.getBytes(StandardCharsets.UTF_8));
        return assertInstanceOf(FleetYaml.Reading.Refused.class, reading).problems().stream()
                .map(YamlProblem::sentence).toList();
    }

    @Test
    void readsAFleetWithPoliciesThatInherit() {
        var spec = good(SMALL);
        assertEquals("example", spec.name());
        assertEquals(1, spec.perimeter().value());
        assertEquals(FleetSpec.Graduation.AUTOMATIC, spec.graduation());
        var inner = spec.rings().getFirst().policy();
        assertEquals(new AtOnce.Percent(50), inner.atOnce());
        assertEquals(new Bake(Duration.ofHours(1), 20), inner.bake());
        assertEquals(RingPolicy.Qa.SOFT, inner.qa());
        assertEquals(RingPolicy.Pdm.WITH_DEPLOYMENT, inner.pdm());
        assertEquals(1, inner.retries());
        var outer = spec.rings().getLast().policy();
        assertEquals(RingPolicy.Qa.NONE, outer.qa());
        assertEquals(new Bake(Duration.ofSeconds(90), 20), outer.bake());
        var main = spec.mainCell();
        assertEquals(CellSpec.Kind.MAIN, main.kind());
        assertEquals("{mode=5, port=9103}", main.settings().toString());
    }

    @Test
    void readsHowShortAHotfixMayBake() {
        var top = good(SMALL.replace("samples: 20}", "samples: 20, hotfix: {time: 2s, samples: 5}}"));
        var lane = Optional.of(new Bake.Hotfix(Duration.ofSeconds(2), 5));
        assertEquals(new Bake(Duration.ofSeconds(90), 20, lane), top.rings().getLast().policy().bake());
        assertEquals(new Bake(Duration.ofHours(1), 20, lane), top.rings().getFirst().policy().bake());
        var own = good(SMALL.replace("{time: 1h}", "{time: 1h, hotfix: {time: 1m}}")).rings();
        assertEquals(Optional.of(new Bake.Hotfix(Duration.ofMinutes(1), 20)), own.getFirst().policy().bake().hotfix());
        assertEquals(Optional.empty(), own.getLast().policy().bake().hotfix());
        assertTrue(complaints(SMALL.replace("{time: 1h}", "{time: 1h, hotfix: {time: 2h}}")).toString()
                .contains("must be at most the bake time of the ring"));
        assertTrue(complaints(SMALL.replace("{time: 1h}", "{time: 1h, hotfix: {time: 1m, samples: 0}}"))
                .toString().contains("hotfix bake samples"));
    }

    @Test
    void readsHowARingTreatsItsCells() {
        var cells = good(SMALL.replace("retries: 1}", "retries: 1, pdm: {after: 24h}, join-within: 2h, "
                + "quarantine-after: 3, on-drift: report, deploy: full, "
                + "most-behind: {versions: 2, time: 48h, then: pause}}")).rings().getLast().policy().cells();
        assertEquals(new CellPolicy(Duration.ofHours(2), 3, Duration.ofHours(24), CellPolicy.OnDrift.REPORT,
                StepKind.FULL, Optional.of(new BehindLimit(Optional.of(2), Optional.of(Duration.ofHours(48)),
                BehindLimit.Then.PAUSE))), cells);
        assertEquals(BehindLimit.Then.PAGE, good(SMALL.replace("retries: 1}", "retries: 1, most-behind: {time: 1h}}"))
                .rings().getLast().policy().cells().mostBehind().orElseThrow().then());
        assertEquals(List.of("line 4: policy.most-behind: most-behind names neither versions nor a time"),
                complaints(SMALL.replace("retries: 1}", "retries: 1, most-behind: {}}")));
        assertEquals(List.of("line 4: policy.most-behind: '3' is not a limit, such as {versions: 2, time: 48h}"),
                complaints(SMALL.replace("retries: 1}", "retries: 1, most-behind: 3}")));
        var own = good(SMALL.replace("retries: 1}", "retries: 1, pdm: {after: 24h}}")).rings().getFirst().policy();
        assertEquals(Duration.ZERO, own.cells().pdmGrace(), "a word of the ring's own leaves no grace");
        assertEquals(List.of("line 4: policy.on-drift: 'fix' is not one of correct, report"),
                complaints(SMALL.replace("retries: 1}", "retries: 1, on-drift: fix}")));
        assertEquals(List.of("line 4: policy.pdm.before: there is no field 'before' here; known are after"),
                complaints(SMALL.replace("retries: 1}", "retries: 1, pdm: {before: 24h}}")));
        assertEquals(List.of("line 4: policy.join-within: join-within is PT2424H, must be from 0 to 90 days"),
                complaints(SMALL.replace("retries: 1}", "retries: 1, join-within: 101d}")));
    }

    @Test
    void namesLineFieldAndTheNearestKnownName() {
        assertEquals(List.of("line 4: policy.at_once: there is no field 'at_once' here; did you mean 'at-once'?"),
                complaints(SMALL.replace("at-once", "at_once")));
        assertEquals(List.of("line 15: rings[1].cells[0].drivers: there is no field 'drivers' here; "
                + "did you mean 'driver'?",
                "line 13: rings[1].cells[0].driver: the field is missing").stream().sorted().toList(),
                complaints(SMALL.replace("        driver: local", "        drivers: local")).stream().sorted()
                .toList());
        assertTrue(complaints(SMALL + "colour: blue\n").getFirst()
                .startsWith("line 19: colour: there is no field 'colour' here; known are"));
        var named = complaints(SMALL.replace("retries: 1", "retries: 1, tint: 1")).getFirst();
        assertTrue(named.contains("; known are bake,"), named);
        assertEquals(named.indexOf(" pdm,"), named.lastIndexOf(" pdm,"), "a field that may be written in several ways "
                + "is named once: " + named);
    }

    @Test
    void listsAllProblemsAtOnce() {
        var all = complaints(SMALL.replace("perimeter: 1", "perimeter: one").replace("qa: soft", "qa: maybe")
                .replace("90s", "90 seconds").replace("kind: main", "kind: boss")
                .replace("http://h:2/health", "file:///etc/passwd"));
        assertEquals(List.of(
                "line 3: perimeter: 'one' is not a ring number",
                "line 4: policy.bake.time: a time like 30s, 5m or 24h is expected, not '90 seconds'",
                "line 7: rings[0].policy.qa: 'maybe' is not one of none, soft, blocking",
                "line 10: rings[0].cells[1].health: an http or https address without user or fragment is expected",
                "line 14: rings[1].cells[0].kind: 'boss' is not one of canary, main, qa, secondary"), all);
    }

    @Test
    void checksHowSoonAPullCellHasToReport() {
        var pulling = """
                fleet: f
                product: {repository: a/b, distribution: debian/bookworm, packages: [p]}
                perimeter: 0
                policy: {health: none, bake: {time: 1m, samples: 0}}
                rings:
                  - ring: 0
                    cells:
                      - {cell: main, kind: main, driver: pull, settings: {report-within: WITHIN}}
                """;
        good(pulling.replace("WITHIN", "2h"));
        for (var wrong : List.of("15 minutes", "0m", "2", "1s", "1w")) {
            var complaints = complaints(pulling.replace("WITHIN", "\"" + wrong + "\""));
            assertEquals(1, complaints.size(), complaints.toString());
            assertTrue(complaints.getFirst().contains("such as 30s, 15m, 2h or 1d"), complaints.toString());
            assertTrue(complaints.getFirst().contains("report-within"), complaints.toString());
        }
    }

    @Test
    void checksTheFleetAsAWholeAndStillNamesLines() {
        assertEquals(List.of("line 9: rings[0].cells[0].health: without a health address nobody can see which "
                + "version cell canary runs"),
                complaints(SMALL.replace("health: \"http://h:1/health\", ", "")));
        assertEquals(List.of("line 3: perimeter: the perimeter is ring 7, which is not declared"),
                complaints(SMALL.replace("perimeter: 1", "perimeter: 7")));
        assertEquals(List.of("line 13: rings[1].cells[0].cell: cell qa is already in ring 0"),
                complaints(SMALL.replace("cell: main", "cell: qa")));
    }

    @Test
    void readsACappedShareAndMandatoryCells() {
        var spec = good(SMALL.replace("at-once: 50%", "at-once: '25%, at most 10', mandatory: [main]"));
        var policy = spec.rings().getFirst().policy();
        assertEquals(AtOnce.of("25%, at most 10"), policy.atOnce());
        assertEquals("[main]", policy.mandatory().cells().toString());
        assertEquals(1, complaints(SMALL.replace("at-once: 50%", "at-once: '25%, at the most 10'")).size());
        assertEquals(1,
                complaints(SMALL.replace("policy: {qa: soft", "policy: {mandatory: [nobody], qa: soft")).size());
    }

    @Test
    void readsWhereFiguresComeFrom() {
        assertEquals(Measuring.DEFAULT, good(SMALL).measuring());
        var withServer = SMALL.replace("perimeter: 1", "perimeter: 1\nmeasure: {prometheus: \"http://p:9090/prom\", "
                + "label: tenant, stale-after: 90s, requests: sum by ($label) (calls_total), shadow: [latency, carts], "
                + "own: [{signal: carts, bad: lost, all: carts}]}")
                .replace(", metrics: \"http://h:1/m\"", "");
        var measuring = good(withServer).measuring();
        assertEquals(Optional.of("http://p:9090/prom"), measuring.server());
        assertEquals("sum by (tenant) (calls_total)", measuring.asked(measuring.queries().requests()));
        assertEquals(Measuring.Queries.DEFAULT.errors(), measuring.queries().errors());
        assertEquals(List.of(new Measuring.Own("carts", "lost", "carts")), measuring.own());
        assertEquals(List.of("latency", "carts"), measuring.shadow());
        assertEquals(Duration.ofSeconds(90), measuring.staleAfter());
    }

    @Test
    void saysWhatIsWrongWithTheSourceOfFigures() {
        for (var each : Map.of("prometheus: \"file:///etc/passwd\"", "measure.prometheus: an http or https address",
                "prometheus: \"http://p/?a=1\"", "measure.prometheus: an address without a query",
                "label: \"a=1} or up{\"", "measure.label: 'a=1} or up{' is not a label",
                "stale-after: 1h", "measure.stale-after: stale-after is PT1H",
                "shadow: [erors]", "measure.shadow: shadow names 'erors'",
                "own: [{signal: a, bad: b, all: c}]", "measure.own: own signals are asked of a Prometheus server",
                "own: [{signal: errors, bad: b, all: c}]", "measure.own[0].signal: signal 'errors' is there already",
                "errors: " + "x".repeat(1001), "measure.errors: errors query: its characters is 1001",
                "quieries: up", "measure.quieries: there is no field").entrySet()) {
            var told = complaints(SMALL.replace("perimeter: 1", "perimeter: 1\nmeasure: {" + each.getKey() + "}"));
            assertTrue(told.getFirst().startsWith("line 4: " + each.getValue()), told.toString());
        }
    }

    @Test
    void readsHowManyPeopleMustApprove() {
        assertEquals(0, good(SMALL).rings().getFirst().policy().gates().approvers());
        assertEquals(1, good(withPolicy("approval: required")).rings().getFirst().policy().gates().approvers());
        assertEquals(2, good(withPolicy("approval: {approvers: 2}")).rings().getFirst().policy().gates().approvers());
        assertEquals(1, complaints(withPolicy("approval: perhaps")).size());
        assertComplains("approval", "approval: {approvers: 11}");
    }

    @Test
    void readsWindowsOfTheFleetAndOfARing() {
        var spec = good(SMALL.replace("perimeter: 1", "perimeter: 1\n"
                + "windows: {deny: [{from: 2026-12-23T00:00, for: 10d, why: end of year}]}")
                .replace("policy: {qa: soft", "policy: {windows: {zone: Europe/Berlin, allow: [{from: 2026-01-05T09:00,"
                        + " for: 8h, repeat: \"FREQ=WEEKLY;BYDAY=MO,TU\"}]}, qa: soft"));
        assertEquals("end of year", spec.rules().windows().deny().getFirst().why().orElseThrow());
        var window = spec.rings().getFirst().policy().windows().allow().getFirst();
        assertEquals("from 2026-01-05T09:00 Europe/Berlin for PT8H, FREQ=WEEKLY;BYDAY=MO,TU", window.toString());
        assertEquals(Schedule.DEFAULT, spec.rings().getLast().policy().windows());
    }

    @Test
    void saysWhatIsWrongWithWindows() {
        assertEquals(List.of("line 4: policy.windows.zone: there is no time zone 'Europe/Berlni'; did you mean "
                + "'Europe/Berlin'?"), complaints(withPolicy("windows: {zone: Europe/Berlni}")));
        assertComplains("windows.allow[0].from: a local time such as",
                "windows: {allow: [{from: tomorrow, for: 8h}]}");
        assertComplains("windows.deny[0].repeat: repeat 'FREQ=WEEKLI' is not a recurrence rule",
                "windows: {deny: [{from: 2026-01-05T09:00, for: 8h, repeat: FREQ=WEEKLI}]}");
        assertComplains("did you mean 'allow'?", "windows: {alow: []}");
        assertComplains("windows.allow[0].for: the field is missing",
                "windows: {allow: [{from: 2026-01-05T09:00}]}");
        assertComplains("the windows of ring 0 never open", "windows: {allow: [{from: 2026-01-05T09:00, for: 1h}],"
                + " deny: [{from: 2026-01-05T00:00, for: 1d}]}");
    }

    @Test
    void readsHowFastARingGoes() {
        var policy = good(withPolicy("start-rate: 20 per 1m, back-off: {first: 5s, most: 1m}, "
                + "progress: {within: 2h, then: fail}")).rings().getLast().policy();
        assertEquals(new Pace(Optional.of(new Pace.StartRate(20, Duration.ofMinutes(1))),
                new Pace.BackOff(Duration.ofSeconds(5), Duration.ofMinutes(1)),
                Optional.of(new Pace.Progress(Duration.ofHours(2), true))), policy.pace());
        assertComplains("such as 20 per 1m", "start-rate: fast");
        assertComplains("policy.back-off", "back-off: {first: 9m, most: 1m}");
        assertComplains("'fial' is not one of page, fail; did you mean 'fail'?", "progress: {within: 2h, then: fial}");
    }

    private static void assertComplains(String expected, String field) {
        var complaints = complaints(withPolicy(field));
        assertTrue(complaints.getFirst().contains(expected), complaints.toString());
    }

    private static String withPolicy(String fields) {
        return SMALL.replace("at-once: 50%", fields);
    }

    @Test
    void boundsAreThoseOfThePolicy() {
        assertEquals(List.of("line 4: policy.retries: retries is 99, must be from 0 to 10"),
                complaints(SMALL.replace("retries: 1", "retries: 99")));
        assertEquals(1, complaints(SMALL.replace("at-once: 50%", "at-once: 0%")).size());
        assertEquals(1, complaints(SMALL.replace("timeout: 10m", "timeout: 999d")).size());
        assertEquals(1, complaints(SMALL.replace("time: 90s", "time: 0s")).size());
    }

    @Test
    void refusesGrammarBreakingNames() {
        for (var name : List.of("../x", "A", "c d", "$(id)", "", "x".repeat(41), "null")) {
            assertTrue(complaints(SMALL.replace("cell: main", "cell: \"" + name + "\"").replace("\"null\"", "~"))
                    .getFirst()
                    .startsWith("line 13: rings[1].cells[0].cell"), name);
        }
        assertTrue(complaints(SMALL.replace("driver: local, health: \"http://h:1",
                "driver: \"../../bin\", health: \"http://h:1"))
                .getFirst().startsWith("line 9: rings[0].cells[0].driver"));
        assertTrue(complaints(SMALL.replace("port: \"9103\"", "PORT: x")).getFirst().contains("settings"));
    }

    @Test
    void refusesWhatIsNoMappingAndSurvivesNonsense() {
        assertEquals("line 1: fields are expected here, `name: value`", complaints("- 1\n").getFirst());
        assertEquals("line 1: fields are expected here, `name: value`", complaints("hello\n").getFirst());
        assertTrue(complaints("fleet: x\nproduct: 5\nrings: 7\n").size() >= 3);
        assertTrue(complaints("rings: [[[[]]]]\n").size() >= 3);
    }
}
