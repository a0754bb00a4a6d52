package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void deploysAVersionWithItsPackagesUpToARing() {
        server.answer("POST /api/fleet/rollouts", 201, "{\"version\":\"1.1.0\",\"changed\":true,"
                + "\"text\":\"1.1.0 is on its way: ring 0 deploys\"}");

        var result = operator.types("deploy", "1.1.0", "--package", "storefront=1.1.0-1", "--ring", "1");

        assertEquals(List.of("POST /api/fleet/rollouts {\"version\":\"1.1.0\","
                + "\"packages\":[{\"name\":\"storefront\",\"version\":\"1.1.0-1\"}],\"ring\":1}"), server.calls());
        assertEquals("Bearer secret", server.asked().getFirst().authorization());
        assertEquals(0, result.code());
        assertEquals("rollout of 1.1.0 started; follow it with: cambium status --watch\n"
                + "  1.1.0 is on its way: ring 0 deploys\n", result.out());
    }

    @Test
    void followsADeploymentUntilItIsBlocked() {
        server.answer("POST /api/fleet/rollouts", 201, "{}");
        for (String state : List.of("rolling", "rolling", "blocked")) {
            server.answer("GET /api/fleet", 200, "{\"revision\":1,\"at\":\"2026-11-21T12:00:00Z\","
                    + "\"versions\":[{\"version\":\"1.2.0\",\"state\":\"" + state + "\"}]}");
        }

        var result = operator.types("deploy", "1.2.0", "--watch");

        assertEquals(1, result.code());
        assertEquals("""
                rollout of 1.2.0 started; follow it with: cambium status --watch
                12:00:00 UTC  version 1.2.0  rolling
                12:00:00 UTC  version 1.2.0  blocked
                """, result.out());
        assertEquals(2, operator.waits.size());
    }

    @Test
    void saysWhatWouldBeDecided() {
        server.answer("GET /api/fleet/plan?deploy=1.2.0", 200, "{\"decided\":1,\"waiting\":1,\"decisions\":[{\"is\":"
                + "\"Open\",\"subject\":\"ring 0\",\"text\":\"opens for 1.2.0\"}],\"waits\":[{\"code\":\"window\","
                + "\"subject\":\"ring 1\",\"text\":\"closed\",\"until\":\"2026-11-21T14:00:00Z\"}]}");

        var result = operator.types("plan", "--deploy", "1.2.0");

        assertEquals(0, result.code());
        assertTrue(result.out().startsWith("1 decided, 1 waiting\n  ring 0: opens for 1.2.0\n"
                + "  ring 1 waits: closed (until "), result.out());
    }

    @Test
    void saysWhatWouldBeDecidedIfAFileWereApplied() throws IOException {
        String file = Files.writeString(folder.resolve("fleet.yaml"), "fleet: shop").toString();
        String plan = "\"plan\":{\"decided\":1,\"waiting\":1,\"decisions\":[{\"is\":\"Start\",\"subject\":\"cell c1\","
                + "\"text\":\"starts\"}],\"waits\":[{\"subject\":\"ring 1\",\"code\":\"bake\",\"text\":\"bakes\"}]}}";
        server.answer("POST /api/fleet/diff", 200, "{\"changes\":[\"cell c1 added to ring 0\"]," + plan);
        server.answer("POST /api/fleet/diff", 200, "{\"changes\":[]," + plan);
        server.answer("POST /api/fleet/diff", 200, "{\"changes\":[\"cell c1 removed from ring 0\"],\"refused\":"
                + "{\"code\":\"cell_busy\",\"message\":\"cell c1 cannot leave\"}}");

        var differs = operator.types("plan", file);
        assertEquals(1, differs.code());
        assertEquals("applying it would change:\n  cell c1 added to ring 0\n1 decided, 1 waiting\n  cell c1: starts\n"
                + "  ring 1 waits: bakes\n", differs.out());
        var same = operator.types("plan", file);
        assertEquals(0, same.code());
        assertTrue(same.out().startsWith("nothing differs\n1 decided"), same.out());
        var refused = operator.types("plan", file);
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("cell c1 cannot leave"), refused.err());
        assertEquals(2, operator.types("plan", file, "--deploy", "1.2.0").code(), "a file or a version");
        assertEquals(3, server.calls().size(), server.calls().toString());
    }

    private static String fleet(String second, String version, String cell) {
        return "{\"revision\":1,\"at\":\"2026-11-21T12:00:" + second + "Z\",\"versions\":[{\"version\":\"1.2.0\","
                + version + "}],\"cells\":[{\"cell\":\"main\"," + cell + "}]}";
    }

    private void answersFleets(String... fleets) {
        for (String fleet : fleets) {
            server.answer("GET /api/fleet", 200, fleet);
        }
    }

    @Test
    void waitsUntilAVersionHasComeSoFarAndTellsHarmFromLateness() {
        String rolling = "\"state\":\"rolling\"";
        String begun = "\"pdm_version\":\"1.2.0\"";
        answersFleets(fleet("00", rolling, "\"last_known_good\":\"1.1.0\""),
                fleet("09", rolling, "\"last_known_good\":\"1.2.0\""));
        assertEquals(0, operator.types("wait", "1.2.0", "--for", "baked", "--cell", "main").code());
        assertEquals(1, operator.waits.size());

        answersFleets(fleet("00", rolling, begun), fleet("01", rolling, begun));
        String attempt = "{\"attempts\":[{\"step\":\"pdm\",\"version\":\"1.2.0\",\"state\":\"%s\"}]}";
        server.answer("GET /api/fleet/cells/main", 200, attempt.formatted("running"));
        server.answer("GET /api/fleet/cells/main", 200, attempt.formatted("succeeded"));
        assertEquals(0, operator.types("wait", "1.2.0", "--for", "migrated", "--cell", "main").code());
        assertEquals(2, server.calls().stream().filter("GET /api/fleet/cells/main"::equals).count(),
                "that it began is not enough");

        answersFleets(fleet("00", rolling, begun), fleet("31", rolling, begun), fleet("32", rolling, begun));
        assertEquals(5, operator.types("wait", "1.2.0", "--for", "everywhere", "--within", "30s").code());
        answersFleets(fleet("00", "\"state\":\"blocked\",\"wait\":{\"text\":\"errors\"}", begun));
        var harmed = operator.types("wait", "1.2.0", "--for", "graduated");
        assertEquals(4, harmed.code());
        assertTrue(harmed.err().contains("1.2.0 is blocked: errors"), harmed.err());

        assertEquals(1, operator.types("wait", "9.9", "--for", "graduated").code());
        assertEquals(2, operator.types("wait", "1.2.0", "--for", "baked").code());
        assertEquals(2, operator.types("wait", "1.2.0", "--for", "graduated", "--within", "soon").code());
    }

    @Test
    void approvesRefusesAndListsWhatWaits() {
        server.answer("POST /api/fleet/versions/1.1.0/approvals", 200, "{}");
        server.answer("GET /api/fleet/approvals", 200, "{\"approvals\":[{\"version\":\"1.1.0\",\"ring\":2,"
                + "\"approvers\":2,\"state\":\"waiting\",\"due\":true,\"opened\":false,"
                + "\"given\":[{\"by\":\"rita\",\"why\":null,\"at\":\"2026-11-21T12:00:00Z\"}],\"objection\":null}]}");

        operator.types("approve", "1.1.0", "--ring", "2");
        operator.types("approve", "1.1.0", "--ring", "2", "--refuse", "--why", "not today");
        assertEquals(2, operator.types("approve", "1.1.0", "--ring", "2", "--withdraw").code(), "needs a reason");
        assertEquals(2, operator.types("approve", "1.1.0").code(), "needs a ring");
        var listed = operator.types("approve").out();

        assertEquals(List.of(
                "POST /api/fleet/versions/1.1.0/approvals {\"ring\":2,\"ruling\":\"approve\"}",
                "POST /api/fleet/versions/1.1.0/approvals {\"ring\":2,\"ruling\":\"refuse\",\"why\":\"not today\"}",
                "GET /api/fleet/approvals"), server.calls());
        assertTrue(listed.contains("waiting, due now  rita (1 of 2)"), listed);
    }

    @Test
    void asksForWhatEachCommandNames() {
        server.answer("POST /api/fleet/versions/1.1.0/pdm", 202, "{}");
        server.answer("POST /api/fleet/versions/1.1.0/graduate", 200, "{}");
        server.answer("POST /api/fleet/versions/1.2.0/release", 200, "{}");
        server.answer("POST /api/fleet/brakes", 201, "{}");
        server.answer("DELETE /api/fleet/brakes?scope=ring%202&why=looked%20at%20it", 200, "{}");

        operator.types("pdm", "1.1.0", "--cell", "main");
        operator.types("graduate", "1.1.0");
        operator.types("release", "1.2.0", "--why", "fixed the data");
        operator.types("brake", "on", "--ring", "2", "--why", "slow orders", "--until", "30m");
        operator.types("brake", "off", "--ring", "2", "--why", "looked at it");

        assertEquals(List.of(
                "POST /api/fleet/versions/1.1.0/pdm {\"cell\":\"main\"}",
                "POST /api/fleet/versions/1.1.0/graduate {}",
                "POST /api/fleet/versions/1.2.0/release {\"why\":\"fixed the data\"}",
                "POST /api/fleet/brakes {\"scope\":\"ring 2\",\"why\":\"slow orders\","
                        + "\"until\":\"2026-11-21T12:30:00Z\"}",
                "DELETE /api/fleet/brakes?scope=ring%202&why=looked%20at%20it"), server.calls());
    }

    @Test
    void tellsHowDeliveryFared() {
        server.answer("GET /api/fleet/figures?days=7", 200, "{\"days\":7,\"completed\":3,\"failed\":1,"
                + "\"failure_share\":0.25,\"lead_time_seconds\":{\"median\":4320,\"worst\":90000},"
                + "\"graduation_seconds\":null,\"restore_seconds\":{\"median\":45,\"worst\":300},"
                + "\"exposed_cells\":2,\"exposure_cell_seconds\":540}");
        var told = operator.types("figures", "--days", "7").out();
        assertTrue(told.contains("1 (25 % of those settled)"), told);
        assertTrue(told.contains("1 h 12 min (median), 1 d 1 h (worst)"), told);
        assertTrue(told.contains("45 s (median), 5 min (worst)"), told);
        assertTrue(told.contains("2, together for 9 min"), told);
    }

    @Test
    void vetoesAVersionWithAReason() {
        server.answer("POST /api/fleet/versions/1.2.0/veto", 200, "{\"changed\":true,\"text\":\"\"}");
        assertTrue(operator.types("veto", "1.2.0", "--why", "its notes are wrong").out()
                .contains("cambium release 1.2.0 lifts it"));
        assertEquals("POST /api/fleet/versions/1.2.0/veto {\"why\":\"its notes are wrong\"}",
                server.calls().getFirst());
        assertEquals(2, operator.types("veto", "1.2.0").code(), "a reason is needed");
    }

    @Test
    void sendsTheMigrationsOfAFileWithTheVersion() throws IOException {
        Files.writeString(folder.resolve("m.json"),
                "{\"migrations\":[{\"id\":\"one\",\"kind\":\"deployment\",\"reversible\":true}]}");
        operator.types("deploy", "1.2.0", "--migrations", folder + "/m.json");
        assertEquals("POST /api/fleet/rollouts {\"version\":\"1.2.0\",\"migrations\":[{\"id\":\"one\","
                + "\"kind\":\"deployment\",\"reversible\":true}]}", server.calls().getFirst());
        Files.writeString(folder.resolve("m.json"), "[]");
        var wrong = operator.types("deploy", "1.2.0", "--migrations", folder + "/m.json");
        assertEquals(2, wrong.code());
        assertTrue(wrong.err().contains("has no list 'migrations'") && wrong.err().contains("oldest_compatible"),
                wrong.err());
        assertEquals(2, operator.types("deploy", "1.2.0", "--migrations", "none.json").code());
    }

    @Test
    void convergesACellOnWhatItsRingRuns() {
        server.answer("GET /api/fleet", 200, "{\"cells\":[{\"cell\":\"cell-1\",\"ring\":2}],"
                + "\"rings\":[{\"ring\":2,\"target\":\"1.1.0\"}]}");
        operator.types("converge", "cell-1");
        operator.types("deploy", "1.2.0", "--full");
        operator.types("deploy", "1.2.1", "--hotfix", "nobody can pay");
        assertEquals(1, operator.types("converge", "cell-9").code());

        assertEquals(List.of(
                "GET /api/fleet",
                "POST /api/fleet/rollouts {\"version\":\"1.1.0\",\"cell\":\"cell-1\",\"full\":true}",
                "POST /api/fleet/rollouts {\"version\":\"1.2.0\",\"full\":true}",
                "POST /api/fleet/rollouts {\"version\":\"1.2.1\",\"hotfix\":\"nobody can pay\"}",
                "GET /api/fleet"), server.calls());
    }

    @Test
    void saysWhetherACellCanGoBackAndEndsWithZeroOnlyIfItCan() {
        server.answer("GET /api/fleet/cells/c1/can-go-back", 200,
                "{\"cell\":\"c1\",\"can\":\"yes\",\"version\":\"1.0.0\",\"text\":\"To 1.0.0.\"}");
        server.answer("GET /api/fleet/cells/c1/can-go-back?version=0.9.0", 200,
                "{\"cell\":\"c1\",\"can\":\"no\",\"version\":null,\"text\":\"Not there.\"}");
        assertEquals(0, operator.types("can-go-back", "c1").code());
        assertEquals(1, operator.types("can-go-back", "c1", "0.9.0").code());
    }

    @Test
    void letsACellStandAsideAndReturn() {
        operator.types("cell", "defer", "cell-1", "--until", "2h", "--why", "a disk");
        operator.types("cell", "leave", "cell-1", "--why", "moved", "--abandon");
        operator.types("cell", "resume", "cell-1", "--why", "done");
        assertEquals(2, operator.types("cell", "defer", "cell-1", "--why", "a disk").code());
        assertEquals(2, operator.types("cell", "resume", "cell-1", "--why", "a disk", "--abandon").code());

        assertEquals(List.of(
                "POST /api/fleet/cells/cell-1/defer {\"why\":\"a disk\",\"until\":\"2026-11-21T14:00:00Z\"}",
                "POST /api/fleet/cells/cell-1/leave {\"why\":\"moved\",\"abandon\":true}",
                "POST /api/fleet/cells/cell-1/resume {\"why\":\"done\"}"), server.calls());
    }

    @Test
    void givesACellItsTokenAloneSoThatAFileCanTakeIt() {
        server.answer("POST /api/fleet/cells/cell-1/token", 201, "{\"cell\":\"cell-1\",\"token\":\"abc\"}");
        server.answer("DELETE /api/fleet/cells/cell-1/token", 204, "");
        var given = operator.types("cell", "token", "cell-1");
        assertEquals(0, given.code());
        assertEquals("abc\n", given.out());
        assertEquals(0, operator.types("cell", "token", "cell-1", "--take-back").code());
        assertEquals(2, operator.types("cell", "resume", "cell-1", "--why", "x", "--take-back").code());
        assertEquals(2, operator.types("cell", "resume", "cell-1").code());
        assertEquals(List.of("POST /api/fleet/cells/cell-1/token {}", "DELETE /api/fleet/cells/cell-1/token"),
                server.calls());
    }

    @Test
    void tellsACellFromAVersionByAskingTheFleet() {
        server.answer("GET /api/fleet/why/cell-1", 200, "{\"subject\":\"cell cell-1\"}");
        server.answer("GET /api/fleet/why/1.2.0", 200, "{\"subject\":\"version 1.2.0\"}");
        server.answer("GET /api/fleet/why/cell-9", 404, "{\"code\":\"unknown_cell\",\"message\":\"there is no cell\"}");
        server.answer("POST /api/fleet/rollbacks", 202, "{}");

        operator.types("rollback", "cell-1", "--why", "slow");
        operator.types("rollback", "1.2.0", "--why", "slow", "--with-downtime");
        operator.types("rollback", "ring-2", "--why", "slow");
        assertEquals(1, operator.types("rollback", "cell-9", "--why", "slow").code(), "a mistyped name is no version");

        assertEquals(List.of(
                "GET /api/fleet/why/cell-1",
                "POST /api/fleet/rollbacks {\"cell\":\"cell-1\",\"why\":\"slow\",\"with_downtime\":false}",
                "GET /api/fleet/why/1.2.0",
                "POST /api/fleet/rollbacks {\"version\":\"1.2.0\",\"why\":\"slow\",\"with_downtime\":true}",
                "POST /api/fleet/rollbacks {\"ring\":2,\"why\":\"slow\",\"with_downtime\":false}",
                "GET /api/fleet/why/cell-9"), server.calls());
    }

    @Test
    void printsTheLogOfAnAttemptToItsEnd() {
        server.answer("GET /api/fleet/attempts/r1.main.deploy.1", 200, "{\"state\":\"running\"}");
        server.answer("GET /api/fleet/attempts/r1.main.deploy.1", 200, "{\"state\":\"succeeded\"}");
        server.answer("GET /api/fleet/attempts/r1.main.deploy.1/log", 200, "one\n");
        server.answer("GET /api/fleet/attempts/r1.main.deploy.1/log", 200, "one\ntwo\n");

        assertEquals("one\ntwo\n", operator.types("log", "r1.main.deploy.1", "--follow").out());
    }

    @Test
    void tellsWhyAsAChain() {
        server.answer("GET /api/fleet/why/ring-2", 200, """
                {"subject":"ring 2","text":"waits for graduation","waits":[
                {"subject":"ring 2","code":"not_graduated","text":"1.1.0 is not graduated","until":null},
                {"subject":"ring 1","code":"baking","text":"bakes","until":"2026-11-21T12:04:10Z"}]}""");

        assertEquals("""
                ring 2: waits for graduation
                  ring 2 waits: 1.1.0 is not graduated
                  ring 1 waits: bakes (until 12:04:10 UTC)
                """, operator.types("why", "ring-2").out());
    }

    @Test
    void printsEventsPageByPageWhateverTheirKind() {
        server.answer("GET /api/fleet/events?after=0&limit=500", 200, """
                {"events":[{"number":1,"is":"RolloutStarted","at":"2026-11-21T12:00:00Z","by":"anna","rollout":3,
                "version":"1.1.0","hash":"00"},
                {"number":2,"is":"AttemptFinished","at":"2026-11-21T12:00:09Z","attempt":"r3.qa.qa.1",
                "result":{"is":"Failed","reason":"exit code 1"},"hash":"01"}]}""");
        server.answer("GET /api/fleet/events?after=2&limit=500", 200, """
                {"events":[{"number":3,"is":"SomethingNew","at":"2026-11-21T12:01:00Z","why":"who knows",
                "hash":"02"}]}""");
        server.answer("GET /api/fleet/events?after=3&limit=500", 200, "{\"events\":[]}");

        assertEquals("""
                2026-11-21 12:00:00 UTC      1  rollout started  rollout 3  version 1.1.0  by anna
                2026-11-21 12:00:09 UTC      2  attempt finished  attempt r3.qa.qa.1  result failed: exit code 1
                2026-11-21 12:01:00 UTC      3  something new  (who knows)
                """, operator.types("events").out());
    }

    @Test
    void printsEventsOfOneKindOnlyAndStillReadsOn() {
        server.answer("GET /api/fleet/events?after=0&limit=500", 200, """
                {"events":[{"number":1,"is":"TryDenied","at":"2026-11-21T12:00:00Z","by":"vera",
                "act":"the command Veto","target":"1.1.0","missing":["deploy","inside_perimeter"],"times":2,
                "hash":"00"},
                {"number":2,"is":"BrakeReleased","at":"2026-11-21T12:00:09Z","hash":"01"}]}""");
        server.answer("GET /api/fleet/events?after=2&limit=500", 200, "{\"events\":[]}");
        assertEquals("2026-11-21 12:00:00 UTC      1  try denied  act the command Veto  target 1.1.0  "
                + "missing deploy, inside_perimeter  times 2  by vera\n",
                operator.types("events", "--kind", "TryDenied").out());
    }

    @Test
    void printsTheServersJsonUnchanged() {
        server.answer("GET /api/fleet/why/ring-2", 200, "{\"subject\":\"ring 2\", \"odd\":1.50}");

        assertEquals("{\"subject\":\"ring 2\", \"odd\":1.50}\n", operator.types("why", "ring-2", "--json").out());
    }

    @Test
    void saysItsVersionWithoutAServer() {
        server.close();

        var result = operator.types("version", "--json");

        assertTrue(result.out().matches("\\{\"version\":\"[0-9.]+\"}\n"), result.out());
        assertEquals(0, result.code());
    }
}
