package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetFileCommandsTest {
    private final RecordingServer server = new RecordingServer();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsTheFleetFileAsItIs() throws IOException {
        Files.writeString(folder.resolve("fleet.yaml"), "fleet: example\n");
        server.answer("PUT /api/fleet", 200, "{\"changes\":[\"cell qa added to ring 0\"],\"revision\":7}");
        var here = new Operator(folder, Map.of("CAMBIUM_URL", server.url()), false);

        var result = here.types("apply", "-f", "fleet.yaml");

        assertEquals(List.of("PUT /api/fleet fleet: example\n"), server.calls());
        assertEquals("application/yaml", server.asked().getFirst().type());
        assertEquals("  cell qa added to ring 0\nthe fleet is applied, revision 7\n", result.out());
    }

    @Test
    void takesTheFileAsOperandOrByOptionInEveryCommand() throws IOException {
        Files.writeString(folder.resolve("fleet.yaml"), "fleet: example\n");
        var here = new Operator(folder, Map.of("CAMBIUM_URL", server.url()), false);
        server.answer("PUT /api/fleet", 200, "{\"changes\":[],\"revision\":7}");
        server.answer("POST /api/fleet/diff", 200, "{\"changes\":[],\"revision\":7}");
        for (var command : List.of("apply", "diff", "plan")) {
            assertEquals(0, here.types(command, "fleet.yaml").code(), command);
            assertEquals(0, here.types(command, "-f", "fleet.yaml").code(), command);
            var twice = here.types(command, "fleet.yaml", "-f", "fleet.yaml");
            assertEquals(2, twice.code(), twice.toString());
        }
        var none = here.types("apply");
        assertEquals(2, none.code());
        assertTrue(none.err().startsWith("cambium: Missing required argument"), none.err());
        assertEquals(2, here.types("diff").code());
        assertEquals(6, server.calls().size(), server.calls().toString());
    }

    @Test
    void aDryRunOnlyComparesAndEndsAsTheApplyWould() throws IOException {
        Files.writeString(folder.resolve("fleet.yaml"), "fleet: example\n");
        var here = new Operator(folder, Map.of("CAMBIUM_URL", server.url()), false);
        server.answer("POST /api/fleet/diff", 200, """
                {"changes":["cell qa removed from ring 0"],"dry_run":true,"revision":7,
                "refused":{"code":"large_change","message":"the change touches 6 of 10 cells"}}""");
        var refused = here.types("apply", "-f", "fleet.yaml", "--dry-run");
        assertEquals(1, refused.code(), refused.toString());
        assertEquals("  cell qa removed from ring 0\n", refused.out());
        assertTrue(refused.err().contains("the change touches 6 of 10 cells"), refused.err());
        assertTrue(refused.err().contains("--large-change REASON"), refused.err());

        server.answer("POST /api/fleet/diff?large-change=region%20closed", 200,
                "{\"changes\":[\"cell qa removed from ring 0\"],\"dry_run\":true,\"revision\":7}");
        var accepted = here.types("apply", "-f", "fleet.yaml", "--dry-run", "--large-change", "region closed");
        assertEquals("  cell qa removed from ring 0\nthe fleet would be accepted; nothing was changed\n",
                accepted.out());

        server.answer("PUT /api/fleet?large-change=region%20closed", 200, "{\"changes\":[],\"revision\":8}");
        assertEquals(0, here.types("apply", "-f", "fleet.yaml", "--large-change", "region closed").code());
        assertEquals(List.of("POST", "POST", "PUT"), server.calls().stream().map(call -> call.split(" ")[0]).toList());
    }
}
