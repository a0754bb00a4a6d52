package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import cambium.server.testing.Eventually;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Distributions as data that grows without a new program.
final class AddedDistributionsTest {
    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, InstantSource.system());
        server.create("acme", "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> add(String type, String distribution, String version, String more) {
        return server.send(server.authorized("/api/distributions")
            .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(
                "type=" + type + "&distribution=" + distribution + "&version=" + version + more)));
    }

    private static JsonNode read(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes());
    }

    @Test
    void anAddedVersionIsListedAndTakesPackages() {
        JsonNode made = read(201, add("deb", "debian", "duke", "&version_number=15"));
        int id = made.path("id").intValue();
        assertTrue(id > 10_000);
        JsonNode all = server.json("/api/v1/distributions.json");
        for (String type : List.of("deb", "dsc")) {
            JsonNode versions = all.path(type).get(1).path("versions");
            JsonNode last = versions.get(versions.size() - 1);
            assertEquals("{\"id\":" + id + ",\"display_name\":\"15 duke\",\"index_name\":\"duke\","
                + "\"version_number\":\"15\"}", last.toString());
        }
        for (String type : List.of("deb", "rpm", "py", "node")) {
            assertTrue(all.path(type).isArray(), type);
        }
        byte[] deb = TestDeb.of("hello", "1", "amd64");
        JsonNode pushed = read(201, server.push("acme/shop", deb, Integer.toString(id), ""));
        assertEquals("debian/duke", pushed.path("distro_version").textValue());
        assertEquals(200, server.http.get("/install/repositories/acme/shop/config_file.list?os=Debian&dist=15")
            .statusCode());
        assertEquals(409, server.send(server.authorized("/api/distributions/" + id).DELETE()).statusCode());
    }

    @Test
    void anAddedDistributionHasExactlyTheKeysOfTheOthers() {
        JsonNode made = read(201, add("rpm", "openela", "9", "&distribution_name=OpenELA"));
        JsonNode rpm = server.json("/api/v1/distributions").path("rpm");
        JsonNode last = rpm.get(rpm.size() - 1);
        assertEquals("OpenELA", last.path("display_name").textValue());
        var keys = new ArrayList<String>();
        last.path("versions").get(0).fieldNames().forEachRemaining(keys::add);
        assertEquals(List.of("id", "display_name", "index_name", "version_number"), keys);
        String one = "/api/distributions/" + made.path("id");
        assertEquals(204, server.send(server.authorized(one).DELETE()).statusCode());
        assertEquals(404, server.send(server.authorized(one).DELETE()).statusCode());
        assertEquals(rpm.size() - 1, server.json("/api/v1/distributions").path("rpm").size());
        assertEquals(404, server.send(server.authorized("/api/distributions/215").DELETE()).statusCode(),
            "packagecloud's own stay");
    }

    @Test
    void refusesWhatClientsCouldNotTellApart() {
        for (String[] bad : new String[][] {{"rpm", "amazon", "20"}, {"rpm", "amazon", "2025"}, {"deb", "debian", "bo"},
            {"deb", "debian", "bookworm"}, {"rpm", "el", "90"}, {"deb", "el", "10"}, {"rpm", "debian", "duke"}}) {
            var answer = add(bad[0], bad[1], bad[2], "");
            assertEquals(409, answer.statusCode(), String.join(" ", bad) + answer.body());
        }
        for (String[] bad : new String[][] {{"py", "python", "4"}, {"deb", "packages", "x"}, {"deb", "a/b", "x"},
            {"deb", "Debian", "x"}, {"deb", "debian", "../x"}, {"deb", "debian", ""}, {"deb", "", "x"}}) {
            assertEquals(422, add(bad[0], bad[1], bad[2], "").statusCode(), String.join(" ", bad));
        }
        assertEquals(0, server.json("/api/distributions").path("distributions").size());
        read(201, add("rpm", "el", "10", ""));
    }

    @Test
    void everyProcessLearnsOfIt() {
        try (var second = RepositoryServer.besides(server, data.resolve("second"))) {
            read(201, add("deb", "ubuntu", "plucky", "&version_number=25.04"));
            Eventually.holds("the other process lists it",
                () -> second.get("/api/v1/distributions").body().contains("plucky"));
        }
    }
}
