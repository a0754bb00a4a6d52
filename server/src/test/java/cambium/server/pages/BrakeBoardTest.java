package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.rollout.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The board of brakes, and the forms that pull and release them, over HTTP.
class BrakeBoardTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private final ExampleServer server = new ExampleServer(InstantSource.fixed(ExampleFleet.NOW)).withExample();

    @AfterEach
    void stop() {
        server.close();
    }

    private void pull(String scope, String why, long secondsAgo, long wantedForSeconds) {
        var since = ExampleFleet.NOW.minusSeconds(secondsAgo);
        server.record(List.of(new FleetEvent.BrakeSet(since, "olga", Scope.of(scope), why,
                wantedForSeconds == 0 ? Optional.empty() : Optional.of(since.plusSeconds(wantedForSeconds)), false)));
    }

    private String words(String path) {
        return server.http.get(path).body().replaceAll("<[^>]*>", "").replaceAll("\\s+", " ");
    }

    @Test
    void everyBrakeStandsOnItWithWhoWhyAndWhenSomebodyIsAsked() {
        assertTrue(words("/brakes").contains("No brake is on."), words("/brakes"));
        pull("ring 2", "slow orders", 600, 3_600);
        pull("cell canary", "disk swap", 120, 60);
        pull("version 1.2.0", "looks odd", 90_000, 0);

        String board = words("/brakes");
        assertTrue(board.contains("3 brakes are on."), board);
        assertTrue(board.contains("Rings ring 2 braked by olga 10 min 00 s ago, on until released; asks again: "
                + "50 min 00 s left slow orders"), board);
        assertTrue(board.contains("Cells cell canary braked by olga 2 min 00 s ago, on until released; wanted until 21 "
                + "Nov 2026 11:59:00 UTC: somebody was asked disk swap"), board);
        assertTrue(board.contains("Versions version 1.2.0 braked by olga 1 d 1 h ago, on until released; asks again: "
                + "23 h 00 min left looks odd"), board);
        assertFalse(board.contains("The whole fleet"), board);
    }

    @Test
    void aBrakeFileIsToldAndKeepsAnybodyFromReleasingTheBrakeOnTheFleetAlone() {
        pull("fleet", "incident 42", 60, 0);
        pull("ring 2", "slow orders", 60, 0);
        assertFalse(words("/brakes").contains("brake file holds"), words("/brakes"));
        server.brakeFile = Optional.of("incident 42");
        assertTrue(words("/brakes").contains("A brake file holds the whole fleet: incident 42"), words("/brakes"));
        String board = words("/brakes");
        assertTrue(board.contains("remove the file; DIR is the folder that the server was given as --data:"), board);
        assertTrue(board.contains("cambium brake off --data DIR --why TEXT"), board);
        for (String page : List.of("/", "/brakes")) {
            assertTrue(words(page).contains("The file named brake in this server's data folder holds it: remove the "
                    + "file first"), page);
            assertFalse(offersToRelease(page, "fleet"), page);
            assertTrue(offersToRelease(page, "ring+2"), page);
        }
        assertTrue(words("/fleet/act/release-brake?scope=fleet").contains("released only once the file named brake is "
                + "gone"));

        var held = server.http.send("POST", "/fleet/act/release-brake", FORM, "scope=fleet&why=over&from=brakes");
        assertEquals(422, held.statusCode());
        assertTrue(held.body().contains("take the file away first"), held.body());
        assertTrue(words("/brakes").contains("2 brakes are on"), words("/brakes"));
        assertEquals(303, server.http.send("POST", "/fleet/act/release-brake", FORM,
                "scope=ring+2&why=over&from=brakes").statusCode(), "a narrow one is released for itself");
        server.brakeFile = Optional.empty();
        assertTrue(offersToRelease("/", "fleet") && offersToRelease("/brakes", "fleet"));
        assertEquals(303, server.http.send("POST", "/fleet/act/release-brake", FORM, "scope=fleet&why=over&from=brakes")
                .statusCode());
        assertTrue(words("/brakes").contains("No brake is on."), words("/brakes"));
    }

    private boolean offersToRelease(String page, String scope) {
        return server.http.get(page).body().contains("href=\"/fleet/act/release-brake?scope=" + scope);
    }

    @Test
    void aBrakeThatTheFileOfAnotherServerPulledSaysThatItMayComeBack() {
        server.record(List.of(new FleetEvent.BrakeSet(ExampleFleet.NOW, "brake file", Scope.of("fleet"), "incident 42",
                Optional.empty(), false)));
        assertTrue(offersToRelease("/brakes", "fleet"));
        assertTrue(words("/brakes").contains("where it still lies, in the data folder of another server, this brake is "
                + "pulled again at once"), words("/brakes"));
    }

    @Test
    void pullingOneFromTheBoardCancelsOnlyWhereThatIsTickedAndLeadsBackToIt() {
        String form = server.http.get("/fleet/act/brake?scope=fleet&from=brakes").body();
        assertTrue(form.contains("type=\"checkbox\" id=\"tick\" name=\"cancel\" value=\"true\">"), form);

        var ticked = server.http.send("POST", "/fleet/act/brake", FORM,
                "scope=ring+2&why=closing&cancel=true&from=brakes");
        assertEquals(303, ticked.statusCode());
        assertEquals("/brakes", ticked.headers().firstValue("Location").orElse(""));
        server.http.send("POST", "/fleet/act/brake", FORM, "scope=ring+1&why=closing");

        var brakes = server.store.load().fleet().brakes();
        assertTrue(brakes.get(Scope.of("ring 2")).cancels());
        assertFalse(brakes.get(Scope.of("ring 1")).cancels());
        String board = words("/brakes");
        assertEquals(1, board.split("Deployments that ran there were ended", -1).length - 1, board);
    }

    @Test
    void aRefusedFormKeepsTheTickAndTheWayBack() {
        String again = server.http.send("POST", "/fleet/act/brake", FORM,
                "scope=ring+2&why=&cancel=true&from=brakes").body();

        assertTrue(again.contains("name=\"cancel\" value=\"true\" checked"), again);
        assertTrue(again.contains("name=\"from\" value=\"brakes\""), again);
        assertTrue(server.store.load().fleet().brakes().isEmpty());
    }

    @Test
    void releasingOneSaysWhichOthersStayAndTheyDo() {
        pull("fleet", "quarter-end", 60, 0);
        pull("ring 0", "slow orders", 60, 0);
        pull("cell canary", "disk swap", 60, 0);

        assertTrue(words("/brakes").contains("Also held by the brake on fleet and the one on ring 0, which stays when "
                + "this one is released."), words("/brakes"));
        assertTrue(words("/fleet/act/release-brake?scope=cell+canary").contains("Nothing starts there yet: the brake "
                + "on fleet by olga; the brake on ring 0 by olga."));
        assertTrue(words("/fleet/act/release-brake?scope=fleet").contains("These stay: the brake on ring 0 by olga; "
                + "the brake on cell canary by olga."));

        var answer = server.http.send("POST", "/fleet/act/release-brake", FORM, "scope=ring+0&why=fine&from=brakes");
        assertEquals("/brakes", answer.headers().firstValue("Location").orElse(""));
        assertEquals(List.of("fleet", "cell canary"), server.store.load().fleet().brakes().keySet().stream()
                .map(Scope::toString).toList());
        assertTrue(words("/fleet/act/release-brake?scope=version+1.2.0").contains("Nothing starts there yet"));
    }

    @Test
    void theLastDrillStandsOnItAndInTheApiAndAFailureSaysWhatNotToRelyOn() {
        assertTrue(words("/brakes").contains("No drill has been done yet."), words("/brakes"));
        assertTrue(server.http.get("/api/fleet").body().contains("\"drill\":null"));
        drilled(7_200, Optional.empty());
        assertTrue(words("/brakes").contains("passed 2 h 00 min ago A brake on a scope kept for it held after 14 ms"),
                words("/brakes"));

        drilled(60, Optional.of("the planner <b>went on</b>"));
        String board = words("/brakes");
        assertTrue(board.contains("Failed 1 min 00 s ago Do not rely on brakes: the planner &lt;b&gt;went on&lt;/b&gt;"
                + "It is done again each hour until it passes. The last that passed: 2 h 00 min ago"), board);
        assertTrue(server.http.get("/api/fleet").body().contains("\"drill\":{\"at\":\"2026-11-21T11:59:00Z\","
                + "\"passed\":false,\"took_ms\":14,\"failure\":\"the planner <b>went on</b>\","
                + "\"passed_at\":\"2026-11-21T10:00:00Z\"}"), server.http.get("/api/fleet").body());
    }

    private void drilled(long secondsAgo, Optional<String> failure) {
        server.record(List.of(new FleetEvent.BrakeDrilled(ExampleFleet.NOW.minusSeconds(secondsAgo),
                Duration.ofMillis(14), failure)));
    }

    @Test
    void theApiTellsOfABrakeWhetherItCancelsAndWhenItAsks() {
        server.http.send("POST", "/api/fleet/brakes", "application/json",
                "{\"scope\":\"ring 2\",\"why\":\"x\",\"cancel\":true}");

        String fleet = server.http.get("/api/fleet").body();
        assertTrue(fleet.contains("\"cancel\":true,\"pages_at\":\"2026-11-22T12:00:00Z\""), fleet);
    }
}
