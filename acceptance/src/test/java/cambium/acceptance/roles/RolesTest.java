package cambium.acceptance.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.PrivateApt;
import cambium.acceptance.rollout.TinyFleet;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Four processes with one role each share one PostgreSQL, one folder of blobs and one master key, and are one server.
class RolesTest {
    @TempDir
    Path folder;
    private TinyFleet fleet;
    private SharedServer servers;
    private RunningServer web;
    private RunningServer upload;

    @BeforeEach
    void start() throws IOException {
        fleet = TinyFleet.start(folder.resolve("fleet"));
        servers = SharedServer.start(folder, "web");
        web = servers.web();
        upload = servers.join("upload", "upload");
    }

    @AfterEach
    void stop() {
        servers.close();
        fleet.close();
    }

    @Test
    void carryAPackageAndARolloutTogether() throws Exception {
        var index = servers.join("index", "index");
        servers.join("coordinate", "coordinate", "--base-url", web.address().toString(), "--drivers", fleet.drivers());
        var seen = fleet.declare(web);
        var pushing = new Hosted(upload, TinyFleet.REPOSITORY);
        assertNotHere(pushing.server(), "GET", "/api/v1/repos");
        assertNotHere(web, "POST", pushing.packagesPath());
        assertNotHere(index, "GET", "/api/fleet");

        pushing.pushed(DebBuilder.of("storefront", "1.0").build(folder));
        seen.awaitIndexed();
        web.post("/api/fleet/rollouts", "{\"version\":\"1.0\"}");
        Await.until("1.0 runs on every cell", () -> fleet.versionOf("one").equals("1.0")
                && fleet.versionOf("two").equals("1.0"));

        index.kill();
        pushing.pushed(DebBuilder.of("storefront", "1.1").build(folder));
        assertEquals(2, seen.packages().size());
        assertFalse(seen.packages().stream().allMatch(row -> row.get("indexed").asBoolean()));
        servers.join("index-again", "index");
        seen.awaitIndexed();
        var apt = PrivateApt.of(folder.resolve("apt"), PrivateApt.keyOf(web, TinyFleet.REPOSITORY),
                web.at("/" + TinyFleet.REPOSITORY + "/debian"), "bookworm");
        apt.update();
        assertEquals(Set.of("storefront 1.1"), apt.available());
        apt.get("install", "storefront").successful();
        assertEquals("1.1", apt.installed("storefront").orElseThrow());
    }

    /// Each process remembers good tokens for a moment.
    @Test
    void aTokenThatOneProcessTakesBackIsSoonRefusedByTheOthers() throws Exception {
        var other = servers.join("second", "web");
        var made = web.post("/api/accounts", "{\"name\":\"vera\",\"email\":\"vera@example.org\",\"roles\":[\"ops\"]}");
        var first = web.send(as(web, "/api/v1/token.json", "vera@example.org:" + made.get("password").asText()));
        var token = new ObjectMapper().readTree(first.body()).get("token").asText() + ":";
        assertEquals(200, other.send(as(other, "/api/fleet", token)).statusCode());
        assertEquals(204, web.send("DELETE", "/api/accounts/vera", "application/json", "").statusCode());
        assertEquals(401, web.send(as(web, "/api/fleet", token)).statusCode(), "here at once");
        Await.until("the other refuses it too", () -> other.send(as(other, "/api/fleet", token)).statusCode() == 401);
    }

    private static HttpRequest as(RunningServer server, String path, String credentials) {
        return HttpRequest.newBuilder(server.at(path)).header("Authorization", "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))).build();
    }

    private static void assertNotHere(RunningServer server, String method, String path) throws IOException {
        var answer = server.send(method, path, "application/json", "");
        assertEquals(421, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"role_not_here\""), answer.body());
    }
}
