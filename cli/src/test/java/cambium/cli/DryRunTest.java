package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DryRunTest {
    private static final String TOLD = """
            {"dry_run":true,"changed":true,"text":"cell c1 is brought back to 1.0","plan":{"decided":1,"waiting":1,
            "decisions":[{"subject":"cell c1","text":"starts rollback of 1.0"}],
            "waits":[{"subject":"ring 2","text":"ring 1 bakes"}]}}""";
    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyCommandOfTheFleetAsksDryAndSaysWhatWouldCome() {
        server.answer("GET /api/fleet/why/c1", 200, "{\"subject\":\"cell c1\"}");
        server.answer("GET /api/fleet", 200, "{\"cells\":[{\"cell\":\"c1\",\"ring\":1}],\"rings\":[{\"ring\":1,"
                + "\"target\":\"1.0\"}]}");
        for (var typed : List.of("deploy 1.0 -w|POST /api/fleet/rollouts", "converge c1|POST /api/fleet/rollouts",
                "pdm 1.0|POST /api/fleet/versions/1.0/pdm", "graduate 1.0|POST /api/fleet/versions/1.0/graduate",
                "approve 1.0 --ring 2|POST /api/fleet/versions/1.0/approvals",
                "veto 1.0 --why x|POST /api/fleet/versions/1.0/veto",
                "release 1.0 --why x|POST /api/fleet/versions/1.0/release",
                "rollback c1 --why x|POST /api/fleet/rollbacks", "brake on --why x|POST /api/fleet/brakes",
                "brake off --why x|DELETE /api/fleet/brakes?scope=fleet&why=x",
                "pin 1.0 --ring 2 --why x|POST /api/fleet/pins",
                "pin --off --ring 2 --why x|DELETE /api/fleet/pins?scope=ring%202&why=x",
                "cell resume c1 --why x|POST /api/fleet/cells/c1/resume")) {
            var command = (typed.split("\\|")[0] + " --dry-run").split(" ");
            var asked = typed.split("\\|")[1];
            var dry = asked + (asked.contains("?") ? "&" : "?") + "dry-run=true";
            server.answer(dry, 200, TOLD.replace("\n", ""));
            var told = operator.types(command);
            assertEquals(0, told.code(), typed + told.err());
            assertEquals("""
                    dry run: nothing was done
                      then: cell c1 is brought back to 1.0
                    1 decided, 1 waiting
                      cell c1: starts rollback of 1.0
                      ring 2 waits: ring 1 bakes
                    """, told.out(), typed);
            assertTrue(server.calls().getLast().startsWith(dry), server.calls().getLast());
        }
        assertEquals(2, operator.types("brake", "on", "--why", "x", "--data", "d", "--dry-run").code());
        assertEquals(2, operator.types("cell", "token", "c1", "--dry-run").code());
    }
}
