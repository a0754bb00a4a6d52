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
        JsonNode made = read(201, add("deb", "debian", "eve", "&version_number=16"));
        int id = made.path("id").intValue();
        assertTrue(id > 10_000);
        JsonNode all = server.json("/api/v1/distributions.json");
        for (String type : List.of("deb", "dsc")) {
            JsonNode versions = all.path(type).get(1).path("versions");
            JsonNode last = versions.get(versions.size() - 1);
            assertEquals("{\"id\":" + id + ",\"display_name\":\"16 eve\",\"index_name\":\"eve\","
                + "\"version_number\":\"16\"}", last.toString());
        }
        for (String type : List.of("deb", "rpm", "py", "node")) {
            assertTrue(all.path(type).isArray(), type);
        }
        byte[] deb = TestDeb.of("hello", "1", "amd64");
        JsonNode pushed = read(201, server.push("acme/shop", deb, Integer.toString(id), ""));
        assertEquals("debian/eve", pushed.path("distro_version").textValue());
        assertEquals(200, server.http.get("/install/repositories/acme/shop/config_file.list?os=Debian&dist=16")
            .statusCode());
        assertEquals(409, server.send(server.authorized("/api/distributions/" + id).DELETE()).statusCode());
    }

    @Test
    void newVersionsWithoutAKnownIdAreThereFromTheBeginningAndCanBeRemoved() {
        var slugs = new ArrayList<String>();
        JsonNode all = server.json("/api/distributions").path("distributions");
        all.forEach(one -> slugs.add(one.path("distribution").textValue() + "/" + one.path("version").textValue()));
        assertEquals(List.of("debian/duke", "ubuntu/plucky", "ubuntu/questing", "ubuntu/resolute", "raspbian/duke",
            "linuxmint/xia", "elementaryos/circe", "el/10", "ol/10", "fedora/42", "fedora/43", "fedora/44", "sles/15.7",
            "sles/16.0", "opensuse/16.0", "poky/walnascar", "poky/whinlatter"), slugs);
        String id = all.get(3).path("id").asText();
        JsonNode pushed = read(201, server.push("acme/shop", TestDeb.of("hello", "1", "amd64"), id, ""));
        assertEquals("ubuntu/resolute", pushed.path("distro_version").textValue());
        for (String asked : List.of("config_file.list?os=Ubuntu&dist=26.04", "config_file.repo?os=rocky&dist=10.1",
            "config_file.repo?os=fedora&dist=44")) {
            assertEquals(200, server.http.get("/install/repositories/acme/shop/" + asked).statusCode(), asked);
        }
        assertEquals(204, server.send(server.authorized("/api/distributions/" + all.get(0).path("id")).DELETE())
            .statusCode());
        assertEquals(422, server.http.get("/install/repositories/acme/shop/config_file.list?os=debian&dist=duke")
            .statusCode());
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
        JsonNode before = server.json("/api/distributions").path("distributions");
        for (String[] bad : new String[][] {{"rpm", "amazon", "20"}, {"rpm", "amazon", "2025"}, {"deb", "debian", "bo"},
            {"deb", "debian", "bookworm"}, {"rpm", "el", "90"}, {"deb", "el", "11"}, {"rpm", "debian", "eve"}}) {
            var answer = add(bad[0], bad[1], bad[2], "");
            assertEquals(409, answer.statusCode(), String.join(" ", bad) + answer.body());
        }
        for (String[] bad : new String[][] {{"py", "python", "4"}, {"deb", "packages", "x"}, {"deb", "a/b", "x"},
            {"deb", "Debian", "x"}, {"deb", "debian", "../x"}, {"deb", "debian", ""}, {"deb", "", "x"}}) {
            assertEquals(422, add(bad[0], bad[1], bad[2], "").statusCode(), String.join(" ", bad));
        }
        assertEquals(before, server.json("/api/distributions").path("distributions"));
        read(201, add("rpm", "el", "11", ""));
    }

    @Test
    void everyProcessLearnsOfIt() {
        try (var second = RepositoryServer.besides(server, data.resolve("second"))) {
            read(201, add("deb", "ubuntu", "zebra", "&version_number=29.04"));
            Eventually.holds("the other process lists it",
                () -> second.get("/api/v1/distributions").body().contains("zebra"));
        }
    }
}
