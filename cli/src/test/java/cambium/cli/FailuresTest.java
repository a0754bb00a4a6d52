package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {
    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void saysTheCauseAndTheNextStepOfARefusal() {
        server.answer("POST /api/fleet/rollouts", 423, """
                {"code":"braked","message":"fleet is braked by anna since 11:40: slow orders","field":null,
                "request_id":"q1"}""");

        var result = operator.types("deploy", "1.1.0");

        assertEquals(1, result.code());
        assertEquals("", result.out());
        assertEquals("""
                cambium: fleet is braked by anna since 11:40: slow orders
                  next: see every brake with: cambium brake; release one with: cambium brake off --why TEXT
                """, result.err());
    }

    @Test
    void printsARefusalAsJsonWhenJsonWasAskedFor() {
        String problem = "{\"code\":\"unknown_cell\",\"message\":\"no cell x\",\"field\":null,\"request_id\":\"q1\"}";
        server.answer("GET /api/fleet/why/x", 404, problem);

        var result = operator.types("why", "x", "--json");

        assertEquals(1, result.code());
        assertEquals(problem + "\n", result.out());
    }

    @Test
    void everyRefusalEndsInTwoLines() {
        for (var refusal : List.of("409 not_graduated", "409 ring_order", "409 migration_crossed", "404 unknown_ring",
                "422 invalid_yaml", "422 why_missing", "401 unauthenticated", "403 forbidden", "503 unavailable",
                "500 internal", "418 unheard_of")) {
            String[] words = refusal.split(" ");
            server.answer("POST /api/fleet/versions/" + words[1] + "/graduate", Integer.parseInt(words[0]),
                    "{\"code\":\"" + words[1] + "\",\"message\":\"it is\\nso\",\"request_id\":\"q7\"}");

            var result = operator.types("graduate", words[1]);

            assertEquals(1, result.code(), refusal);
            assertTrue(result.err().matches("cambium: it is so\n  next: .+\n"), refusal + ": " + result.err());
        }
    }

    @Test
    void bringsPackagecloudRefusalsIntoOneLine() {
        server.answer("GET /api/fleet/why/x", 422, "{\"filename\":[\"has already been taken\"]}");

        assertTrue(operator.types("why", "x").err().startsWith("cambium: filename has already been taken\n"));
    }

    @Test
    void tellsAllMistakesOfAFileAtOnce(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("fleet.yaml"), "x");
        server.answer("PUT /api/fleet", 422, """
                {"code":"unknown_field","message":"a\\nb","field":"perimetre","problems":[
                {"code":"unknown_field","line":3,"field":"perimetre","message":"there is no field 'perimetre' here"},
                {"code":"invalid_fleet","line":null,"field":null,"message":"no ring"}]}""");

        var result = new Operator(folder, Map.of("CAMBIUM_URL", server.url()), false)
                .types("apply", "-f", "fleet.yaml");

        assertEquals("""
                cambium: 2 problems:
                  line 3: perimetre: there is no field 'perimetre' here
                  no ring
                  next: correct the file, then try it with: cambium apply -f FILE --dry-run
                """, result.err());
    }

    @Test
    void survivesAnAnswerThatIsNoJson() {
        server.answer("GET /api/fleet/why/x", 502, "<html>bad gateway</html>");

        var result = operator.types("why", "x");

        assertEquals(1, result.code());
        assertTrue(result.err().startsWith("cambium: the server answered 502\n"), result.err());
    }

    @Test
    void endsWithThreeWhenNobodyAnswers() {
        server.close();

        var result = operator.types("status");

        assertEquals(3, result.code());
        assertTrue(result.err().matches("cambium: cannot reach http://127.0.0.1:\\d+: .+\n  next: .+\n"), result.err());
    }

    @Test
    void wrongUseEndsWithTwoAndAsksNobody() {
        for (String line : List.of("brake on", "brake sideways", "deploy", "deploy 1 --ring x", "release 1", "statsu",
                "status --colour", "push a.deb --repo acme --distro debian/bookworm", "apply -f missing.yaml",
                "brake on --why x --ring 1 --cell c", "brake on --why x --until soon", "status --server localhost",
                "deploy 1 --package storefront", "retention set acme/shop", "apt set acme/shop",
                "apt set acme/shop --valid-for soon")) {
            var result = operator.types(line.split(" "));

            assertEquals(2, result.code(), line);
            assertTrue(result.err().matches("cambium: .+\n  next: .+\n"), line + ": " + result.err());
        }
        assertEquals(List.of(), server.calls());
    }

    @Test
    void namesTheNearestCommand() {
        assertTrue(operator.types("statsu").err().contains("did you mean 'status'?"));
    }

    @Test
    void everyHelpNamesTheExitCodes() {
        for (String command : List.of(
                "", "status", "why", "events", "audit", "log", "apply", "push", "import", "deploy", "pdm", "graduate",
                "brake", "pin", "rollback", "release", "version", "package-key", "retention", "apt", "webhook",
                "repository-token")) {
            var result = command.isEmpty() ? operator.types("--help") : operator.types(command, "--help");

            assertEquals(0, result.code());
            assertTrue(result.out().contains("3   cannot reach the server"), command + ": " + result.out());
        }
    }

    @Test
    void sendsTheLocalAdminTokenOnlyToThisMachine(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/admin-token"), "0123456789abcdef\n");
        var here = new Surroundings(Map.of(), folder, folder, System.out, System.err, false,
                () -> Operator.NOW, _ -> { });
        server.answer("GET /api/fleet", 200, "{}");

        new Operator(folder, Map.of("CAMBIUM_URL", server.url()), false).types("status");

        assertEquals("Bearer 0123456789abcdef", server.asked().getFirst().authorization());
        Api elsewhere = new Credentials(here).api(Optional.of("https://cambium.example.org"),
                Optional.empty(), Optional.empty());
        assertFalse(elsewhere.hasToken());
    }
}
