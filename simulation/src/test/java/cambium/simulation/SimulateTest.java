package cambium.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateTest {
    private static final String FLEET = """
            fleet: shop
            product: {repository: acme/shop, distribution: debian/bookworm, packages: [shop]}
            perimeter: 1
            policy: {bake: {time: 10m, samples: 100}}
            rings:
              - ring: 0
                cells: [{cell: canary, kind: canary, driver: d, health: "http://h/", metrics: "http://h/m"}]
              - ring: 1
                cells: [{cell: main, kind: main, driver: d, health: "http://h/", metrics: "http://h/m"}]
              - ring: 2
                cells:
                  - {cell: c1, driver: d, health: "http://h/", metrics: "http://h/m"}
                  - {cell: c2, driver: d, health: "http://h/", metrics: "http://h/m"}
            """;

    private static final String TROUBLE =
            "step-fails=0.1,unreachable=0.002,metrics-gone=0.1,channel-slow=0.3,step-hangs=0.05";

    @TempDir
    Path folder;

    private record Said(int code, String out, String err) {
        JsonNode run(int version, int run) {
            return Json.read(out.getBytes(StandardCharsets.UTF_8)).path("versions").get(version).path("runs").get(run);
        }
    }

    private Said simulate(String fleet, String... more) throws IOException {
        Files.writeString(folder.resolve("fleet.yaml"), fleet);
        var args = new ArrayList<>(List.of("--fleet", "fleet.yaml"));
        args.addAll(List.of(more));
        return typed(args);
    }

    private Said typed(List<String> args) throws IOException {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = Simulate.run(args, folder, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aGoodVersionReachesEveryRingInOrder() throws IOException {
        var said = simulate(FLEET, "--version", "good", "--runs", "2", "--json");
        assertEquals(0, said.code(), said.err());
        var run = said.run(0, 0);
        assertEquals("complete", run.path("end").asText());
        assertEquals(4, run.path("cells_with_it").asInt());
        assertEquals(0, run.path("cells_harmed").asInt());
        assertEquals(3, run.path("rings").size());
        assertTrue(run.at("/rings/0/proved_seconds").asInt() >= 600, run.toString());
        assertTrue(run.at("/rings/1/opened_seconds").asInt() >= run.at("/rings/0/proved_seconds").asInt());
        assertTrue(run.at("/rings/2/opened_seconds").asInt() >= run.at("/rings/1/proved_seconds").asInt());
    }

    @Test
    void aGoodVersionAlsoGetsThroughAFleetWhoseStepsHaveLittleTime() throws IOException {
        var said = simulate(FLEET.replace("policy: {", "policy: {timeout: 1m, "), "--version", "good", "--runs", "2",
                "--json");
        assertEquals(0, said.code(), said.err());
        assertEquals("complete", said.run(0, 1).path("end").asText());
    }

    @Test
    void aHarmfulVersionStaysInTheInnermostRingAndItsHarmIsCounted() throws IOException {
        var run = simulate(FLEET, "--version", "harmful", "--runs", "1", "--json").run(0, 0);
        assertEquals("blocked", run.path("end").asText());
        assertEquals(1, run.path("cells_with_it").asInt());
        assertEquals(1, run.path("rings").size());
        assertTrue(run.path("harm_cell_seconds").asInt() >= 180, run.toString());
        assertEquals(1, run.path("rollbacks").asInt());
        var slower = simulate(FLEET, "--version", "harmful", "--runs", "1", "--verdict-after", "9m", "--json")
                .run(0, 0);
        assertTrue(slower.path("harm_cell_seconds").asInt() > run.path("harm_cell_seconds").asInt() + 300,
                "a slower judge costs: " + slower);
    }

    @Test
    void theRealJudgeFindsInRing0WhatTheTrafficShowsAndLeavesAGoodVersionAlone() throws IOException {
        var said = simulate(FLEET, "--judge", "real", "--version", "harmful", "--runs", "2", "--json");
        assertEquals("real", Json.read(said.out().getBytes(StandardCharsets.UTF_8)).path("judge").asText());
        for (int number = 0; number < 2; number++) {
            var run = said.run(0, number);
            assertEquals("blocked", run.path("end").asText(), run.toString());
            assertEquals(1, run.path("cells_with_it").asInt());
            int after = run.path("judged_harmful_seconds").asInt();
            assertTrue(after > 0 && after <= run.path("harm_cell_seconds").asInt(), run.toString());
        }
        var good = simulate(FLEET, "--judge", "real", "--version", "good", "--runs", "1", "--json").run(0, 0);
        assertEquals("complete", good.path("end").asText(), good.toString());
        assertTrue(good.path("judged_harmful_seconds").isNull(), good.toString());
    }

    /// What little harm in little traffic looks like noise, no gate holds.
    @Test
    void theRealJudgeLetsThroughWhatTheTrafficDoesNotShow() throws IOException {
        var run = simulate(FLEET, "--judge", "real", "--traffic", "0.3", "--harm", "errors=0.001", "--version",
                "harmful", "--runs", "1", "--json").run(0, 0);
        assertEquals("complete", run.path("end").asText(), run.toString());
        assertEquals(4, run.path("cells_harmed").asInt());
        assertTrue(run.path("judged_harmful_seconds").isNull(), run.toString());
        var told = simulate(FLEET, "--judge", "real", "--harm", "errors=0.5,slower=3", "--version", "harmful",
                "--runs", "1").out();
        assertTrue(told.contains("10 requests a second") && told.contains("50 % errors") && told.contains("1 of 1"),
                told);
    }

    @Test
    void saysWhatAPersonHasToDoWherePeopleNeverAct() throws IOException {
        var manual = FLEET.replace("policy: {", "policy: {pdm: manual, ");
        var said = simulate(manual, "--version", "good", "--runs", "1", "--people-after", "never");
        assertTrue(said.out().contains("waits"), said.out());
        assertTrue(said.out().contains("cambium pdm 2.0.0"), said.out());
        assertEquals("complete", simulate(manual, "--version", "good", "--runs", "1", "--json").run(0, 0).path("end")
                .asText());
    }

    /// A step that hung for ever kept the run going to its limit of 30 days, and the report by that.
    @Test
    void aVersionIsToldBlockedWhereItWasAlsoWhileAStepHangsForEver() throws IOException {
        var words = new String[] {"--judge", "real", "--seed", "6002", "--runs", "1", "--version", "good", "--faults",
            TROUBLE};
        var json = new ArrayList<>(List.of(words));
        json.add("--json");
        var run = simulate(FLEET, json.toArray(String[]::new)).run(0, 0);
        assertEquals("blocked", run.path("end").asText(), run.toString());
        assertTrue(run.path("seconds").asInt() < 2 * 3600, run.toString());
        assertEquals(1280, run.at("/blocked/seconds").asInt());
        assertEquals(0, run.at("/blocked/ring").asInt(-1));
        assertEquals("canary", run.at("/blocked/cell").asText());
        assertTrue(run.at("/blocked/why").asText().contains("since it started at 0 min 0 s after the command"));
        assertEquals(2, run.path("rollbacks").asInt(), "the step that hung took effect after the first one");
        assertEquals(0, run.path("cells_left_with_it").size());
        assertEquals(0, run.path("waits").size(), run.toString());
        var told = simulate(FLEET, words).out();
        assertTrue(told.contains("faults: step-fails=0.1, step-hangs=0.05, metrics-gone=0.1, "), told);
        assertTrue(told.contains("blocked in 1 of 1 run, after 21 min 20 s:"), told);
        assertTrue(told.contains("once: failed in ring 0, cell canary: its end is unknown") && told.contains(
                "(seed 6002)") && !told.contains("unfinished"), told);
    }

    @Test
    void saysWhichCellsAreLeftWithABlockedVersionAndWhy() throws IOException {
        var run = simulate(FLEET, "--seed", "2", "--runs", "1", "--version", "good", "--people-after", "never",
                "--faults", TROUBLE, "--json").run(0, 0);
        assertEquals("blocked", run.path("end").asText(), run.toString());
        assertEquals(1, run.at("/blocked/ring").asInt());
        assertEquals("canary", run.at("/cells_left_with_it/0").asText());
        assertEquals(1, run.path("waits").size(), run.toString());
        assertTrue(run.at("/waits/0").asText().startsWith("cell canary: the cell baked it before and keeps it"));
    }

    @Test
    void peopleTryAPdmAgainThatFailedButNotForEver() throws IOException {
        var words = new ArrayList<>(List.of("--seed", "21", "--runs", "1", "--version", "good", "--faults", TROUBLE,
                "--json"));
        assertEquals("complete", simulate(FLEET, words.toArray(String[]::new)).run(0, 0).path("end").asText());
        words.addAll(List.of("--people-after", "never"));
        var alone = simulate(FLEET, words.toArray(String[]::new)).run(0, 0);
        assertEquals("waits", alone.path("end").asText(), alone.toString());
        assertTrue(alone.at("/waits/0").asText().endsWith("cambium pdm 2.0.0 --cell main tries again"));
        var bad = simulate(FLEET, "--version", "migrates-badly", "--runs", "1", "--json").run(0, 0);
        assertEquals("waits", bad.path("end").asText(), bad.toString());
        assertTrue(bad.path("seconds").asInt() > 3600, bad.toString());
    }

    /// The version before was told with it, whose PDM waited in the outer rings, and that of this one was asked for
    /// anew every half an hour up to the limit.
    @Test
    void onlyTheVersionThatItIsAboutIsWaitedForWherePdmIsManual() throws IOException {
        var manual = FLEET.replace("policy: {", "policy: {pdm: manual, ");
        var bad = simulate(manual, "--version", "migrates-badly", "--runs", "1", "--json").run(0, 0);
        assertEquals("waits", bad.path("end").asText(), bad.toString());
        assertTrue(bad.path("seconds").asInt() < 24 * 3600 && bad.path("calls").size() < 20, bad.toString());
        var alone = simulate(manual, "--version", "good", "--runs", "1", "--people-after", "never", "--json").run(0, 0);
        assertEquals("waits", alone.path("end").asText(), alone.toString());
        assertEquals(2, alone.path("waits").size(), alone.toString());
        assertTrue(alone.at("/waits/1").asText().endsWith("cambium pdm 2.0.0"), alone.toString());
    }

    @Test
    void waitsForPeopleHoweverLongTheyTake() throws IOException {
        var run = simulate(FLEET.replace("policy: {", "policy: {pdm: manual, "), "--version", "good", "--runs", "1",
                "--people-after", "2d", "--json").run(0, 0);
        assertEquals("complete", run.path("end").asText(), run.toString());
        assertTrue(run.path("seconds").asInt() > 48 * 3600, run.toString());
    }

    /// The run leapt to the next change of its own, a day behind the limit.
    @Test
    void noRunGoesBeyondItsLimit() throws IOException {
        var closed = FLEET.replace("  - ring: 2\n", "  - ring: 2\n    policy: {windows: {zone: UTC, allow: "
                + "[{from: 2026-01-01T11:00, for: 2h, repeat: FREQ=DAILY}]}}\n");
        var run = simulate(closed, "--version", "good", "--runs", "1", "--limit", "10h", "--json").run(0, 0);
        assertEquals("unfinished", run.path("end").asText(), run.toString());
        assertEquals(10 * 3600, run.path("seconds").asInt());
        assertTrue(run.at("/waits/0").asText().matches(".*ring 2 is closed, .* opens at [0-9 hmin]+ after the command"),
                run.toString());
    }

    @Test
    void whatIsUnfinishedAtTheLimitSaysWhatItWaitsFor() throws IOException {
        var words = new String[] {"--version", "good", "--runs", "2", "--people-after", "never", "--limit", "2h"};
        var said = simulate(FLEET.replace("policy: {", "policy: {pdm: manual, "), words);
        assertTrue(said.out().contains("unfinished at the limit in 2 of 2 runs, where it waits:"), said.out());
        assertTrue(said.out().contains("2 times: version 2.0.0: ring 2: 2.0.0 has not graduated"), said.out());
    }

    @Test
    void theSameSeedGivesTheSameRunAndTroubleCostsTime() throws IOException {
        var words = new String[] {"--version", "good", "--runs", "2", "--faults",
            "step-hangs=0.5,unreachable=0.01,metrics-gone=0.3", "--json"};
        var one = simulate(FLEET, words);
        assertEquals(one.out(), simulate(FLEET, words).out());
        assertNotEquals(one.run(0, 0), one.run(0, 1));
        var calm = simulate(FLEET, "--version", "good", "--runs", "1", "--json").run(0, 0).path("seconds").asInt();
        assertTrue(one.run(0, 0).path("seconds").asInt() > calm, one.out());
    }

    @Test
    void everyKindOfVersionIsPlayedByDefaultAndOnlyGoodOnesArrive() throws IOException {
        var said = simulate(FLEET, "--runs", "1", "--json");
        var versions = Json.read(said.out().getBytes(StandardCharsets.UTF_8)).path("versions");
        assertEquals(Truth.Nature.values().length, versions.size());
        for (var version : versions) {
            assertEquals(version.path("version").asText().equals("good"),
                    version.at("/runs/0/end").asText().equals("complete"), version.toString());
        }
    }

    @Test
    void refusesWhatItDoesNotUnderstandAndSaysWhatItKnows() throws IOException {
        assertEquals(2, typed(List.of()).code());
        assertEquals(2, typed(List.of("--fleet", "none.yaml")).code());
        assertTrue(simulate(FLEET, "--version", "odd").err().contains("migrates-badly"));
        assertTrue(simulate(FLEET, "--faults", "rain=0.1").err().contains("step-fails"));
        assertEquals(2, simulate(FLEET, "--faults", "step-fails=2").code());
        assertEquals(2, simulate(FLEET, "--runs", "0").code());
        assertEquals(2, simulate(FLEET, "--limit", "soon").code());
        assertEquals(2, simulate(FLEET, "--limit").code());
        assertTrue(simulate(FLEET, "--judge", "odd").err().contains("right or real"));
        assertTrue(simulate(FLEET, "--traffic", "5").err().contains("says nothing with --judge right"));
        assertTrue(simulate(FLEET, "--judge", "real", "--verdict-after", "3m").err().contains("--verdict-after says"));
        assertTrue(simulate(FLEET, "--judge", "real", "--traffic", "0").err().contains("from 0.01 to 10000"));
        assertTrue(simulate(FLEET, "--judge", "real", "--harm", "rain=1").err().contains("errors, slower or"));
        assertTrue(simulate(FLEET, "--judge", "real", "--harm", "errors=2").err().contains("from 0 to 1"));
        var bad = simulate(FLEET.replace("perimeter", "perimetre"), "--runs", "1");
        assertEquals(1, bad.code());
        assertTrue(bad.err().contains("perimetre"), bad.err());
        assertTrue(typed(List.of("--help")).out().contains("--verdict-after"));
    }
}
