package cambium.server.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetEvent;
import cambium.rollout.Scope;
import cambium.server.access.Actor;
import cambium.server.access.BuiltInRole;
import cambium.server.access.Permission;
import cambium.server.fleet.handover.Strays;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which acts the pages offer to whom. The example's perimeter is ring 1.
class OfferedActsTest {
    private static final Pattern FORM = Pattern.compile("href=\"/fleet/act/([^\"]+)\"");
    private static final List<String> PAGES = List.of("/", "/brakes", "/versions", "/versions/1.2.0", "/cells/main",
            "/cells/cell-4");
    private Actor actor = Actor.ANONYMOUS;
    private final ExampleServer server = new ExampleServer(InstantSource.fixed(ExampleFleet.NOW), _ -> actor)
            .withExample();

    @AfterEach
    void stop() {
        server.close();
    }

    private void as(BuiltInRole role) {
        Set<Permission> may = Arrays.stream(Permission.values()).filter(role::may).collect(Collectors.toSet());
        actor = new Actor(role.word(), may);
    }

    private Set<String> offered(String path) {
        return FORM.matcher(server.http.get(path).body()).results().map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void brakeRing2() {
        server.record(List.of(new FleetEvent.BrakeSet(ExampleFleet.NOW, "olga", Scope.of("ring 2"), "x",
                Optional.empty(), false)));
    }

    @Test
    void whoMayOnlyLookIsOfferedNothingAndToldSoOnTheBoard() {
        brakeRing2();
        as(BuiltInRole.READ_ONLY);
        PAGES.forEach(page -> assertEquals(Set.of(), offered(page), page));
        assertTrue(server.http.get("/brakes").body().contains("You may look at brakes"));
        actor = new Actor("anonymous", Set.of(Permission.READ_FLEET));
        PAGES.forEach(page -> assertEquals(Set.of(), offered(page), page));
        assertTrue(server.http.get("/").body().contains("Sign in"));
    }

    @Test
    void aReleaseManagerActsInsideThePerimeterAndPullsNoBrake() {
        brakeRing2();
        as(BuiltInRole.RELEASE_MANAGER);
        assertEquals(Set.of("rollback?ring=0", "rollback?ring=1"), offered("/"));
        assertEquals(Set.of("rollback?cell=main"), offered("/cells/main"));
        assertEquals(Set.of(), offered("/cells/cell-4"));
        assertEquals(Set.of(), offered("/brakes"));
    }

    @Test
    void opsActOutsideAndAnEngineerOnCallBrakesAndReleases() {
        brakeRing2();
        as(BuiltInRole.OPS);
        assertEquals(Set.of("rollback?ring=2", "rollback?ring=3"), offered("/"));
        assertEquals(Set.of(), offered("/cells/main"));

        as(BuiltInRole.ENGINEER_ON_CALL);
        assertEquals(Set.of("brake?scope=fleet", "brake?scope=ring+0", "brake?scope=ring+1", "brake?scope=ring+3",
                "release-brake?scope=ring+2"), offered("/"));
        assertEquals(Set.of("brake?scope=fleet&amp;from=brakes", "release-brake?scope=ring+2&amp;from=brakes"),
                offered("/brakes"));
        assertEquals(Set.of("brake?scope=cell+main"), offered("/cells/main"));
    }

    @Test
    void whatIsOfferedIsWhatTheServerTakesAndWhatIsNotItRefuses() {
        for (var role : BuiltInRole.values()) {
            as(role);
            var form = "scope=cell+main&why=x&ruling=approve";
            boolean offered = offered("/cells/main").contains("rollback?cell=main");
            int status = server.http.send("POST", "/fleet/act/rollback", "application/x-www-form-urlencoded", form)
                    .statusCode();
            assertEquals(offered, status != 403, role.word() + " " + status);
        }
    }

    @Test
    void resultsThatChangedNothingStandOnTheCellThatTheyNameAndAmongTheVersions() {
        as(BuiltInRole.READ_ONLY);
        assertFalse(server.http.get("/cells/main").body().contains("Stray results"));
        server.strays.add(new Strays.Stray(ExampleFleet.NOW.minusSeconds(60), "r9.main.deploy.1", "cell main",
                "succeeded <late>"));
        server.strays.add(new Strays.Stray(ExampleFleet.NOW.minusSeconds(90), "no attempt", "pipeline", "failed"));

        String main = server.http.get("/cells/main").body();
        assertTrue(main.contains("Stray results") && main.contains("succeeded &lt;late&gt;"), main);
        assertFalse(main.contains("no attempt"), main);
        assertFalse(server.http.get("/cells/canary").body().contains("Stray results"));
        String versions = server.http.get("/versions").body();
        assertTrue(versions.contains("no attempt") && versions.contains("<a href=\"/cells/main\">r9.main.deploy.1</a>"),
                versions);
    }
}
