package cambium.acceptance.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import cambium.acceptance.LiveProcesses;
import cambium.acceptance.RunningServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `./cambium serve` says to a wrong setting, and what it does with the administrator's token.
class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void refusesAnUnknownFlagAndNamesTheNearest() throws Exception {
        var run = serve(Map.of(), "--rolls", "web");
        assertEquals(2, run.exit());
        assertEquals("cambium: unknown flag --rolls; the nearest known one is --roles (cambium serve --help lists all)",
                run.output().strip());
        assertFalse(Files.exists(folder.resolve("data")));
    }

    @Test
    void refusesAnUnknownVariableAndNamesTheNearest() throws Exception {
        var run = serve(Map.of("CAMBIUM_DATABASE_ULR", "postgresql://secret@host/name"));
        assertEquals(2, run.exit());
        assertTrue(run.output().contains("unknown variable CAMBIUM_DATABASE_ULR"), run.output());
        assertTrue(run.output().contains("CAMBIUM_DATABASE_URL"), run.output());
        assertFalse(run.output().contains("secret"), run.output());
    }

    @Test
    void refusesBadValuesWithoutATrace() throws Exception {
        for (var wrong : List.of(List.of("--port", "70000"), List.of("--roles", "web,baker"), List.of("--port"),
                List.of("--fleet-pages", "all"), List.of("--max-package-size", "4"),
                List.of("--smtp", "mail.example.org:587"), List.of("--smtp", "smtp://mail.example.org"))) {
            var run = serve(Map.of(), wrong.toArray(String[]::new));
            assertEquals(2, run.exit(), run.toString());
            assertEquals(1, run.output().strip().lines().count(), run.output());
            assertTrue(run.output().contains(wrong.getFirst()), run.output());
        }
    }

    @Test
    void refusesATokenThatIsNot48Hex() throws Exception {
        for (var wrong : List.of("short", "F".repeat(48), "f".repeat(47))) {
            var run = serve(Map.of("CAMBIUM_ADMIN_TOKEN", wrong));
            assertEquals(2, run.exit(), run.toString());
            assertTrue(run.output().contains("CAMBIUM_ADMIN_TOKEN"), run.output());
            assertFalse(run.output().contains(wrong), run.output());
        }
        assertFalse(Files.exists(folder.resolve("data")));
        assertEquals(List.of(), LiveProcesses.of(folder));
    }

    @Test
    void makesATokenPrintsItOnceAndKeepsItForTheOwnerOnly() throws Exception {
        String token;
        try (var first = RunningServer.start(folder.resolve("data"), Map.of("CAMBIUM_ADMIN_TOKEN", ""))) {
            var file = folder.resolve("data/admin-token");
            token = Files.readString(file).strip();
            assertTrue(token.matches("[0-9a-f]{48}"));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertEquals(2, first.output().split(token, -1).length, "printed once");
            assertEquals(200, signIn(first, token));
            assertEquals(0, first.stop());
        }
        try (var second = RunningServer.start(folder.resolve("data"), Map.of("CAMBIUM_ADMIN_TOKEN", ""))) {
            assertFalse(second.output().contains(token));
            assertEquals(200, signIn(second, token));
            assertEquals(0, second.stop());
        }
        try (var third = RunningServer.start(folder.resolve("data"))) {
            assertEquals(200, signIn(third, RunningServer.TOKEN));
            assertEquals(401, signIn(third, token), "a token given by the environment replaces the former one");
        }
    }

    private static int signIn(RunningServer server, String token) throws IOException {
        return server.send(HttpRequest.newBuilder(server.at("/api/v1/repos"))
                .header("Authorization", RunningServer.basic(token)).build()).statusCode();
    }

    private CommandRun serve(Map<String, String> environment, String... settings) throws IOException {
        var command = new ArrayList<>(List.of(Checkout.root().resolve("cambium").toString(), "serve",
                "--data", folder.resolve("data").toString()));
        command.addAll(List.of(settings));
        return CommandRun.of(command, builder -> builder.environment().putAll(environment));
    }
}
