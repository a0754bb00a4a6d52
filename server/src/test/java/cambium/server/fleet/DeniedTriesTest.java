package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetStatus;
import cambium.rollout.RolloutPlanner;
import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.access.Rights;
import cambium.server.config.Role;
import cambium.server.fleet.json.FleetJson;
import cambium.server.fleet.memory.InMemoryFleetStore;
import cambium.server.http.Answer;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.testing.TestServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeniedTriesTest {
    private static final Actor ANNA = new Actor("anna", Set.of());
    private static final List<String> MISSING = List.of("brake");

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final FleetStore store = new InMemoryFleetStore(() -> now);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DeniedTries denied = new DeniedTries(store, registry, () -> now);

    private List<FleetEvent.TryDenied> told() {
        return store.events(0, FleetStore.MAX_EVENTS_PER_READ).stream()
                .map(event -> (FleetEvent.TryDenied) event.event()).toList();
    }

    private void tries(Actor by, String act, int times) {
        for (var i = 0; i < times; i++) {
            denied.denied(by, MISSING, act, Optional.of("ring 1"));
        }
    }

    @Test
    void tellsWhoWasDeniedWhatOnWhatForWantOfWhatRight() {
        denied.denied(ANNA, List.of("rollback", "outside_perimeter"), "the command RollBack", Optional.of("cell eu-1"));
        assertEquals(List.of(), told(), "no request waits for the log");
        denied.record();
        assertEquals(List.of(new FleetEvent.TryDenied(now, "anna", "the command RollBack", Optional.of("cell eu-1"),
                List.of("rollback", "outside_perimeter"), 1)), told());
    }

    @Test
    void aFloodOfOneTryIsToldOnceAMinuteAndEverMoreSeldom() {
        for (var second = 0; second < 3 * 3600; second++) {
            tries(ANNA, "POST /api/fleet/brakes", 10);
            denied.record();
            now = now.plusSeconds(1);
        }
        denied.close();
        var times = told().stream().map(FleetEvent.TryDenied::times).toList();
        assertEquals(List.of(10, 600, 1_200, 2_400, 4_800, 9_600, 19_200, 36_000), times.subList(0, 8));
        assertEquals(9, times.size());
        assertEquals(3 * 3600 * 10, times.stream().mapToInt(Integer::intValue).sum(), "none is lost");
    }

    @Test
    void whatEndedIsToldAtOnceWhenItIsTriedAgain() {
        tries(ANNA, "POST /api/fleet/brakes", 1);
        denied.record();
        now = now.plus(DeniedTries.FIRST_PAUSE);
        denied.record();
        assertEquals(1, told().size(), "nothing happened since");
        tries(ANNA, "POST /api/fleet/brakes", 2);
        denied.record();
        assertEquals(2, told().getLast().times());
    }

    @Test
    void ofWhoTriesEverOtherThingsOnlySomeAreToldApartAndNobodyElseIsHeldUp() {
        for (var i = 0; i < 5_000; i++) {
            tries(ANNA, "GET /api/fleet/cells/{cell} " + i, 1);
        }
        tries(new Actor("bert", Set.of()), "POST /api/fleet/brakes", 1);
        denied.record();
        var told = told();
        assertEquals(DeniedTries.MAX_TRIES_PER_ACCOUNT + 2, told.size());
        assertEquals(new FleetEvent.TryDenied(now, "anna", DeniedTries.OTHERS, Optional.empty(), List.of(),
                5_000 - DeniedTries.MAX_TRIES_PER_ACCOUNT), told.get(DeniedTries.MAX_TRIES_PER_ACCOUNT));
        assertEquals("bert", told.getLast().by());
    }

    @Test
    void anonymousCallersAreAFigureAndNoMore() {
        tries(Actor.ANONYMOUS, "GET /api/fleet", 7);
        denied.close();
        assertEquals(0, store.load().revision());
        assertEquals(7, registry.counter("cambium.denied.tries", "who", "anonymous").count());
        assertEquals(0, registry.counter("cambium.denied.tries", "who", "known").count());
    }

    @Test
    void textOfCallersIsBoundedAndOneLineAndTurnsNothingAround() {
        denied.denied(ANNA, MISSING, "GET /x", Optional.of("a\r\nb\u0000\u001b[31m\u202Edcba\u2028"
                + "\ud83d\ude00".repeat(500)));
        denied.record();
        var target = told().getFirst().target().orElseThrow();
        assertTrue(target.startsWith("a b [31m dcba \ud83d\ude00"), target);
        assertTrue(target.length() <= DeniedTries.MAX_TEXT_CHARACTERS + 1, target);
        assertFalse(target.matches("(?s).*[\\p{Cntrl}\\p{Cf}\\p{Cs}].*"), target);
    }

    @Test
    void whatTheLogCannotTakeNowIsToldLater() {
        var away = new boolean[] {true};
        var refusing = new FleetStoreWrapper(store) {
            @Override
            public Commit commit(long expectedRevision, List<FleetEvent> events) {
                return away[0] ? Commit.CONFLICT : super.commit(expectedRevision, events);
            }
        };
        try (var held = new DeniedTries(refusing, registry, () -> now)) {
            held.denied(ANNA, MISSING, "POST /api/fleet/brakes", Optional.empty());
            held.record();
            assertEquals(0, refusing.load().revision());
            held.denied(ANNA, MISSING, "POST /api/fleet/brakes", Optional.empty());
            away[0] = false;
            held.record();
            assertEquals(2, ((FleetEvent.TryDenied) refusing.events(0, 1).getFirst().event()).times());
        }
        assertEquals(1, refusing.load().revision());
    }

    @Test
    void changesNothingThatIsDecidedOrShown() {
        var fleet = Fleet.empty().after(List.of(new FleetEvent.FleetApplied(now, "olga", CoordinatorLoopTest.SPEC)));
        var after = fleet.after(List.of(new FleetEvent.TryDenied(now, "anna", "x", Optional.empty(), MISSING, 1)));
        assertEquals(FleetJson.text(fleet).replace("\"revision\":1,", "\"revision\":2,"), FleetJson.text(after));
        var plan = RolloutPlanner.plan(fleet, now);
        assertEquals(plan, RolloutPlanner.plan(after, now));
        assertEquals(FleetStatus.of(fleet, plan, now).cells(), FleetStatus.of(after, plan, now).cells());
    }

    @Test
    void aDeniedRequestLeavesItsTraceAndNeverACredential() {
        var asked = new ArrayList<String>();
        var routes = List.of(
                new Route(Method.POST, "/t/{cell}/brakes/{name}", Role.WEB, Permission.BRAKE, call -> {
                    asked.add(call.path());
                    return Answer.empty(204);
                }),
                new Route(Method.GET, "/t/{token}/x/{name}", Role.WEB, Permission.READ_FLEET, _ -> Answer.empty(204)));
        try (var server = TestServer.of(routes, head -> head.header("Authorization").isPresent() ? ANNA
                : Actor.ANONYMOUS, new Rights(denied))) {
            assertEquals(403, server.send("POST", "/t/eu%2D1/brakes/b%E2%80%AEc", "text/plain", "", "Authorization",
                    "x").statusCode());
            assertEquals(403, server.get("/t/very-secret/x/y").statusCode());
            assertEquals(401, server.send("POST", "/t/eu-1/brakes/b", "text/plain", "").statusCode());
        }
        denied.close();
        assertEquals(List.of("POST /t/{cell}/brakes/{name} eu-1/b c [brake]", "GET /t/{token}/x/{name} y [read_fleet]"),
                told().stream().map(told -> told.act() + " " + told.target().orElse("") + " " + told.missing())
                .toList());
        assertEquals(List.of(), asked);
    }
}
