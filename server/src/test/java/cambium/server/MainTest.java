package cambium.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.testing.ServerProcess;
import cambium.server.testing.TestDatabase;
import java.util.stream.Stream;
import java.util.regex.Pattern;
import java.util.regex.MatchResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program itself, as a process of its own.
class MainTest {
    private static final String TOKEN = "0123456789abcdef".repeat(3);

    @TempDir
    Path temp;

    @Test
    void answersThenStopsCleanlyAndLeavesNothingRunning() throws Exception {
        try (var server = ServerProcess.start(temp.resolve("a b"), Map.of())) {
            assertEquals(200, server.get("/health/live").statusCode());
            var ready = server.untilReady();
            assertEquals(200, ready.statusCode(), ready.body());
            assertTrue(ready.body().contains("{\"name\":\"database\",\"ok\":true,\"message\":null}"), ready.body());
            var token = Files.readString(temp.resolve("a b/admin-token")).strip();
            assertEquals(1, server.output().split(token, -1).length - 1, "the token is printed once");
            var metrics = server.get("/metrics").body();
            assertTrue(metrics.contains("http_server_requests_seconds_count{method=\"GET\",route=\"/health/live\""
                    + ",status=\"200\"} 1"), metrics);
            assertTrue(metrics.contains("jvm_memory_used_bytes") && metrics.contains("cambium_database_connections"));
            assertEquals(List.of(), figuresOfAlerts().filter(name -> !metrics.contains("\n" + name)).toList());
            var postgres = server.postgres();
            assertEquals(0, server.terminate());
            assertFalse(ProcessHandle.of(postgres).filter(ProcessHandle::isAlive).isPresent());
        }
    }

    private static Stream<String> figuresOfAlerts() throws IOException {
        var rules = Files.readString(Path.of("../deploy/example/prometheus/cambium.rules.yaml"));
        var names = Pattern.compile("(cambium|process)_[a-z_]+").matcher(rules).results().map(MatchResult::group)
                .distinct().toList();
        assertTrue(names.size() > 8, names.toString());
        return names.stream();
    }

    @Test
    void recoversByItselfAfterKill9() throws Exception {
        long orphan;
        try (var first = ServerProcess.start(temp.resolve("d"), Map.of("CAMBIUM_ADMIN_TOKEN", TOKEN))) {
            orphan = first.postgres();
            first.kill();
        }
        assertTrue(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive).isPresent());
        try (var second = ServerProcess.start(temp.resolve("d"), Map.of())) {
            assertNotEquals(orphan, second.postgres());
            assertFalse(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive).isPresent());
            assertEquals(201, second.post("/api/access/sign-in-links", TOKEN).statusCode());
            assertEquals(401, second.post("/api/access/sign-in-links", "f".repeat(48)).statusCode());
            assertEquals(0, second.terminate());
            assertFalse(second.output().contains(TOKEN));
        }
    }

    @Test
    void refusesASecondServerOnTheSameFolder() throws Exception {
        try (var first = ServerProcess.start(temp.resolve("d"), Map.of())) {
            var second = ServerProcess.run(List.of("serve", "--data", temp.resolve("d").toString()), Map.of());
            assertEquals(2, second.exitCode());
            assertTrue(second.output().contains("process " + first.pid() + ")"), second.output());
            assertEquals(200, first.untilReady().statusCode());
        }
    }

    @Test
    void refusesWhatItDoesNotKnowWithOneLine() throws Exception {
        var flag = ServerProcess.run(List.of("serve", "--rols", "web"), Map.of());
        assertEquals(2, flag.exitCode());
        assertEquals("cambium: unknown flag --rols; the nearest known one is --roles (cambium serve --help lists all)",
                flag.output().strip());
        var variable = ServerProcess.run(List.of("serve"), Map.of("CAMBIUM_PROT", "1"));
        assertEquals(2, variable.exitCode());
        assertTrue(variable.output().contains("CAMBIUM_PORT"), variable.output());
        var help = ServerProcess.run(List.of("serve", "--help"), Map.of());
        assertEquals(0, help.exitCode());
        assertTrue(help.output().contains("--database-url URL, CAMBIUM_DATABASE_URL"));
        assertEquals(2, ServerProcess.run(List.of("sreve"), Map.of()).exitCode());
    }

    @Test
    void saysWhyItCannotListen() throws Exception {
        try (var first = ServerProcess.start(temp.resolve("a"), Map.of())) {
            var second = ServerProcess.run(List.of("serve", "--data", temp.resolve("b").toString(),
                    "--port", Integer.toString(first.uri().getPort())), Map.of());
            assertEquals(2, second.exitCode());
            assertTrue(second.output().contains("--port"), second.output());
        }
    }

    @Test
    void letsProcessesWithDifferentRolesShareOneDatabase() throws Exception {
        var address = TestDatabase.emptyAddress();
        var url = address.jdbcUrl().replace("jdbc:postgresql://",
                "postgresql://" + address.user() + ":" + address.password() + "@");
        var shared = Map.of("CAMBIUM_DATABASE_URL", url, "CAMBIUM_ADMIN_TOKEN", TOKEN,
                "CAMBIUM_MASTER_KEY", "ab".repeat(32), "CAMBIUM_BLOBS", temp.resolve("shared").toString());
        try (var web = ServerProcess.start(temp.resolve("web"), shared, "--roles", "web");
                var index = ServerProcess.start(temp.resolve("index"), shared, "--roles", "index")) {
            assertEquals(201, web.post("/api/access/sign-in-links", TOKEN).statusCode());
            assertEquals(421, index.post("/api/access/sign-in-links", TOKEN).statusCode());
            assertEquals(200, index.untilReady().statusCode());
            assertFalse(Files.exists(temp.resolve("web/database")));
            var other = ServerProcess.run(List.of("serve", "--data", temp.resolve("c").toString(), "--port", "0"),
                    Map.of("CAMBIUM_DATABASE_URL", url));
            assertEquals(2, other.exitCode());
            assertTrue(other.output().contains("another master key"), other.output());
            assertFalse(other.output().contains(address.password() + "@"), other.output());
        }
    }
}
