package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.access.BuiltInRole;
import cambium.server.access.Permission;
import cambium.server.fleet.yaml.FleetYaml;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The pages of a fleet that has paused itself: ring 1 is braked and takes 1.0.0, ring 0 proved 1.1.0, 1.2.0 waits.
class PausedFleetTest {
    private static final String PAUSED = "Paused: nothing new begins in ring 0, so 1.2.0 waits. What is under way goes "
            + "on. Ring 1 is 1 graduated version behind, more than the 0 that it may be, since 2 h 00 min ago "
            + "ring 1 waits: 0 of 1 cells converged on 1.0.0; cell c1: brake on ring 1 by olga: quarter-end It "
            + "ends by itself once ring 1 has caught up; nobody has to release it. Before that an approval for ring 0 "
            + "lets 1.2.0 in, and a hotfix passes.";
    private static final String FORM = "application/x-www-form-urlencoded";
    private Actor actor = Actor.allowedEverything("anna");
    private final ExampleServer server = new ExampleServer(InstantSource.fixed(ExampleFleet.NOW), _ -> actor);

    @BeforeEach
    void letRingOneFallBehind() {
        server.record(pausedFleet());
    }

    static List<FleetEvent> pausedFleet() {
        var yaml = """
                fleet: example
                product: {repository: acme/storefront, distribution: debian/bookworm, packages: [storefront]}
                perimeter: 0
                policy:
                  bake: {time: 5m, samples: 0}
                  health: none
                  pdm: manual
                  most-behind: {versions: 0, then: pause}
                rings:
                  - ring: 0
                    cells:
                      - {cell: canary, kind: canary, driver: local, health: "http://h:1/", metrics: "http://h:1/m"}
                      - {cell: main, kind: main, driver: local, health: "http://h:2/", metrics: "http://h:2/m"}
                  - ring: 1
                    cells:
                      - {cell: c1, driver: local, health: "http://h:3/", metrics: "http://h:3/m"}
                """;
        var start = ExampleFleet.NOW.minusSeconds(4 * 3_600);
        var spec = ((FleetYaml.Reading.Read) FleetYaml.read(yaml.getBytes(StandardCharsets.UTF_8))).spec();
        var events = new ArrayList<FleetEvent>();
        events.add(new FleetEvent.FleetApplied(start, "olga", spec));
        rollout(events, start, 1, "1.0.0");
        events.add(new FleetEvent.RingOpened(start, 1, ProductVersion.of("1.0.0"), RingNumber.of(1)));
        events.add(new FleetEvent.CellObserved(start, CellId.of("c1"), true, Optional.of(ProductVersion.of("1.0.0"))));
        events.add(new FleetEvent.BrakeSet(start.plusSeconds(60), "olga", Scope.of("ring 1"), "quarter-end",
                Optional.empty(), false));
        rollout(events, start.plusSeconds(7_200), 2, "1.1.0");
        var third = start.plusSeconds(3 * 3_600);
        events.add(new FleetEvent.VersionRegistered(third, "rita", ProductVersion.of("1.2.0"), List.of()));
        events.add(new FleetEvent.RolloutStarted(third, "rita", 3, ProductVersion.of("1.2.0")));
        return events;
    }

    private static void rollout(List<FleetEvent> events, Instant at, int number, String name) {
        var version = ProductVersion.of(name);
        events.add(new FleetEvent.VersionRegistered(at, "rita", version, List.of()));
        events.add(new FleetEvent.RolloutStarted(at, "rita", number, version));
        events.add(new FleetEvent.RingOpened(at, number, version, RingNumber.of(0)));
        var cells = List.of(CellId.of("canary"), CellId.of("main"));
        events.add(new FleetEvent.RingAdmitted(at, version, RingNumber.of(0)));
        for (var cell : cells) {
            var attempt = AttemptId.of("r" + number + "." + cell + ".deploy.1");
            events.add(new FleetEvent.AttemptRequested(at, attempt, RingNumber.of(0), version, Optional.empty(),
                    Duration.ofMinutes(5)));
            events.add(new FleetEvent.AttemptStarted(at, attempt));
            events.add(new FleetEvent.AttemptFinished(at, attempt, new AttemptResult.Succeeded()));
            events.add(new FleetEvent.CellObserved(at, cell, true, Optional.of(version)));
        }
        events.add(new FleetEvent.RingConverged(at, number, version, RingNumber.of(0)));
        events.add(new FleetEvent.RingBaked(at, number, version, RingNumber.of(0), cells));
        events.add(new FleetEvent.VersionGraduated(at, FleetEvent.AUTOMATION, version));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String words(String path) {
        return server.http.get(path).body().replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ")
                .replace(" .", ".").replace(" :", ":").replace(" ,", ",");
    }

    private boolean offersToLetIn(String path) {
        return server.http.get(path).body().replace("&amp;", "&")
                .contains("href=\"/fleet/act/approve?version=1.2.0&ring=0\"");
    }

    @Test
    void theFleetItsLateRingTheWaitingVersionAndTheBoardSayThatAndWhyAndSinceWhenAndWhatEndsIt() {
        String fleet = words("/");
        assertTrue(fleet.contains("The fleet has paused itself: nothing new begins while ring 1 is too far behind."),
                fleet);
        assertTrue(fleet.contains(PAUSED), fleet);
        assertTrue(fleet.contains("1 graduated version behind for 2 h 00 min: too far, so the fleet is paused"), fleet);
        String ring = fleet.substring(fleet.indexOf(" Ring 0 "), fleet.indexOf("perimeter · only"));
        assertTrue(ring.contains("1.2.0 does not begin while ring 1 is too far behind") && ring.contains("since "
                + "10:00:00 UTC; it begins by itself once that ring has caught up"), ring);

        assertTrue(words("/versions/1.2.0").contains(PAUSED), words("/versions/1.2.0"));
        assertFalse(words("/versions/1.1.0").contains("Paused"), "it is under way");
        assertTrue(words("/brakes").contains("the fleet has paused itself. That is no brake"), words("/brakes"));

        String api = server.http.get("/api/fleet").body();
        assertTrue(api.contains("\"paused\":{\"ring\":1,\"why\":\"1 graduated version behind, more than the 0 that it "
                + "may be\",\"since\":\"2026-11-21T10:00:00Z\",\"version\":\"1.2.0\",\"held_by\":[{\"subject\":"
                + "\"ring 1\",\"code\":"), api);
        String why = server.http.get("/api/fleet/why/1.2.0").body();
        assertTrue(why.contains("since 2026-11-21T10:00:00Z") && why.contains("\"code\":\"braked\""), why);
    }

    @Test
    void whoMayLetTheWaitingVersionInByTheFormAndNobodyElseIsOfferedIt() {
        var reader = Arrays.stream(Permission.values()).filter(BuiltInRole.READ_ONLY::may).collect(Collectors.toSet());
        actor = new Actor("vera", reader);
        assertTrue(words("/").contains(PAUSED));
        assertFalse(offersToLetIn("/") || offersToLetIn("/versions/1.2.0"));
        actor = Actor.allowedEverything("anna");
        assertTrue(offersToLetIn("/") && offersToLetIn("/versions/1.2.0"));
        assertFalse(offersToLetIn("/versions/1.1.0"));

        assertEquals(303, server.http.send("POST", "/fleet/act/approve", FORM,
                "version=1.2.0&ring=0&ruling=approve&why=they+asked+for+it").statusCode());
        assertFalse(offersToLetIn("/"), "it waits for the pause no more");
        assertTrue(words("/").contains("Paused: nothing new begins in ring 0. What"), words("/"));
        assertFalse(words("/versions/1.2.0").contains("Paused"), words("/versions/1.2.0"));
    }

    @Test
    void nothingIsSaidOfAPauseOnceTheRingTakesWhatItLacked() {
        server.record(List.of(new FleetEvent.BrakeReleased(ExampleFleet.NOW, "olga", Scope.of("ring 1"), "done"),
                new FleetEvent.RingOpened(ExampleFleet.NOW, 2, ProductVersion.of("1.1.0"), RingNumber.of(1))));
        for (String page : List.of("/", "/versions/1.2.0", "/brakes")) {
            String words = words(page);
            assertFalse(words.contains("Paused") || words.contains("paused"), page + words);
        }
        assertTrue(server.http.get("/api/fleet").body().contains("\"paused\":null"));
    }
}
