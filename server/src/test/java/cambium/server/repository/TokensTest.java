package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Master and read tokens, as packagecloud's clients use them, and what they open.
final class TokensTest {
    private static final String MASTERS = "/api/v1/repos/acme/secret/master_tokens";
    private static final String FILE = "/acme/secret/debian/dists/bookworm/InRelease";

    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.startIdle(data, InstantSource.system());
        server.create("acme/secret", true);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> post(String path, String form) {
        return server.send(server.authorized(path).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
    }

    private JsonNode created(String path, String form) {
        HttpResponse<String> answer = post(path, form);
        assertEquals(201, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes());
    }

    private int delete(String path) {
        HttpResponse<String> answer = server.send(server.authorized(path).DELETE());
        assertTrue(answer.statusCode() != 204 || answer.body().isEmpty());
        return answer.statusCode();
    }

    private int with(String token, String path) {
        return server.http.get(path, "Authorization", RepositoryServer.basic(token)).statusCode();
    }

    private static List<String> keys(JsonNode object) {
        var keys = new ArrayList<String>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    @Test
    void everyRepositoryHasADefaultMasterToken() {
        JsonNode all = server.json(MASTERS);
        assertEquals(List.of("default", "web-downloads"), all.findValuesAsText("name").stream().distinct().toList());
        assertEquals(List.of("name", "value", "read_tokens", "paths"), keys(all.get(0)));
        assertEquals("default", all.get(0).path("name").textValue());
        assertTrue(all.get(0).path("value").textValue().matches("[0-9a-f]{48}"));
        assertTrue(server.json("/api/v1/repos/acme/secret.json").path("urls").path("install_script").textValue()
            .contains("://" + all.get(0).path("value").textValue() + ":@127.0.0.1"));
        String self = all.get(0).path("paths").path("self").textValue();
        assertTrue(self.matches(MASTERS + "/[0-9]+"), self);
        assertEquals(204, delete(self));
        JsonNode rotated = server.json(MASTERS + ".json");
        assertEquals(2, rotated.size());
        assertEquals("default", rotated.get(0).path("name").textValue(), "it is the first still");
        assertEquals(self, rotated.get(0).path("paths").path("self").textValue());
        assertNotEquals(all.get(0).path("value"), rotated.get(0).path("value"));
        server.database.transact(sql -> sql.execute("delete from master_token"));
        server.feature.startKeys();
        assertEquals(2, server.json(MASTERS).size(), "also one that was there before tokens were");
    }

    private String downloadUrl() {
        return server.json("/api/v1/repos/acme/secret/packages.json").get(0).path("download_url").textValue();
    }

    @Test
    void readingPackagesMakesNoTokenAndRevokedDownloadAddressesGetAnotherOne() {
        server.pushed("acme/secret", TestDeb.of("hello", "1.0", "amd64"));
        String tokens = "select (select count(*) from read_token) + (select count(*) from master_token)";
        long before = server.count(tokens);
        String first = downloadUrl();
        assertTrue(first.matches("http://[0-9a-f]{48}:@127.*"), first);
        assertEquals(before, server.count(tokens));
        JsonNode web = server.json(MASTERS).get(1);
        assertEquals(204, delete(web.path("paths").path("self").textValue() + "/read_tokens/"
            + web.path("read_tokens").get(0).path("id").asText()));
        String second = downloadUrl();
        assertEquals(204, delete(web.path("paths").path("self").textValue()));
        String third = downloadUrl();
        assertEquals(3, Set.of(first, second, third).size());
        assertTrue(third.matches("http://[0-9a-f]{48}:@127.*"), third);
        assertEquals(before, server.count(tokens));
    }

    @Test
    void showsAMasterTokenByIdAndByValueAsAListOfOne() {
        JsonNode made = created(MASTERS, "master_token[name]=ci");
        assertEquals(List.of("name", "value", "read_tokens", "paths"), keys(made));
        String value = made.path("value").textValue();
        JsonNode byId = server.json(made.path("paths").path("self").textValue());
        assertEquals(1, byId.size());
        assertEquals(List.of("value", "name", "read_tokens_url"), keys(byId.get(0)));
        assertEquals(byId, server.json(MASTERS + "/" + value));
        assertEquals(byId, server.json(MASTERS + "/" + value + ".json"));
        var taken = post(MASTERS, "master_token[name]=ci");
        assertEquals("422 {\"name\":[\"has already been taken\"]}", taken.statusCode() + " " + taken.body());
        assertEquals(422, post(MASTERS, "master_token[name]=").statusCode());
        JsonNode found = server.json(MASTERS + "/search?q=C");
        assertEquals(1, found.size());
        assertEquals(List.of("name", "value", "self_url", "read_tokens_url"), keys(found.get(0)));
        assertEquals("3", server.get(MASTERS + "/search.json?q=").headers().firstValue("Total").orElseThrow());
        assertEquals(404, server.get(MASTERS + "/" + "0".repeat(48)).statusCode());
        assertEquals(404, server.get(MASTERS + "/999999999").statusCode());
        assertEquals(204, delete(MASTERS + "/" + value));
        assertEquals(404, delete(MASTERS + "/" + value));
    }

    @Test
    void makesReadTokensOncePerName() {
        String master = created(MASTERS, "master_token[name]=ci").path("value").textValue();
        String reads = MASTERS + "/" + master + "/read_tokens";
        JsonNode first = created(reads + ".json", "read_token[name]=host%201");
        assertEquals(List.of("id", "name", "value"), keys(first));
        assertEquals(first, created(reads, "read_token[name]=host%201"));
        JsonNode second = created(reads, "read_token[name]=host-2");
        assertNotEquals(first.path("value"), second.path("value"));
        JsonNode all = server.json(reads + ".json");
        assertEquals("[" + first + "," + second + "]", all.path("read_tokens").toString());
        assertEquals(first, server.json(reads + "/" + first.path("id")));
        assertEquals(first, server.json(reads + "/" + first.path("value").textValue() + ".json"));
        assertEquals(all.path("read_tokens"), server.json(MASTERS).get(2).path("read_tokens"));
        assertEquals(204, delete(reads + "/" + first.path("value").textValue()));
        assertEquals(404, delete(reads + "/" + first.path("id")));
        assertEquals(1, server.json(reads).path("read_tokens").size());
        assertEquals(404, server.get(MASTERS + "/" + "f".repeat(48) + "/read_tokens.json").statusCode());
    }

    @Test
    void aReadTokenOpensItsRepositorysFilesUntilItsMasterTokenIsRevoked() {
        server.create("acme/other", true);
        server.pushed("acme/secret", TestDeb.of("hello", "1", "amd64"));
        server.feature.startIndexing();
        server.settled();
        String master = created(MASTERS, "master_token[name]=ci").path("value").textValue();
        String read = created(MASTERS + "/" + master + "/read_tokens.json", "read_token[name]=h").path("value")
            .textValue();
        assertEquals(200, with(read, FILE));
        assertEquals(302, with(read, "/acme/secret/debian/pool/bookworm/main/h/hello/hello_1_amd64.deb"));
        assertEquals(200, server.http.get(FILE, "Authorization", "Bearer " + read).statusCode());
        assertEquals(200, server.http.get("/priv/" + read + FILE).statusCode());
        assertEquals(200, server.http.get("/priv/" + read + "/acme/secret/gpgkey").statusCode());
        assertEquals(302, server.http.get("/priv/" + read
            + "/acme/secret/packages/debian/bookworm/hello_1_amd64.deb/download.deb").statusCode());
        assertEquals(200, server.http.get("/priv/" + RepositoryServer.TOKEN + FILE).statusCode());
        assertEquals(404, with(read, "/acme/other/gpgkey"));
        assertEquals(404, with(read, "/api/v1/repos/acme/secret"));
        assertEquals(403, with(read, MASTERS));
        assertEquals(404, with(master, FILE));
        assertEquals(404, server.http.get("/priv/" + master + FILE).statusCode());
        assertEquals(401, server.http.get("/priv/" + "0".repeat(48) + FILE).statusCode());
        assertEquals(401, server.http.get("/priv/x" + FILE, "Authorization", RepositoryServer.basic(read))
            .statusCode());
        assertEquals(404, server.http.get("/priv/" + read + "/api/v1/repos/acme/secret").statusCode());
        assertEquals(204, delete(MASTERS + "/" + master));
        assertEquals(401, with(read, FILE));
        assertEquals(401, server.http.get("/priv/" + read + FILE).statusCode());
    }

    @Test
    void storesNoValueInTheClear() {
        String master = created(MASTERS, "master_token[name]=ci").path("value").textValue();
        created(MASTERS + "/" + master + "/read_tokens.json", "read_token[name]=h");
        String rows = server.database.read(sql -> sql.fetchSingle("select m::text || r::text from master_token m "
            + "join read_token r on r.master_token_id = m.id where m.name = 'ci'").get(0, String.class));
        assertTrue(rows.contains("ci"), rows);
        JsonNode shown = server.json(MASTERS).get(2);
        for (JsonNode token : List.of(shown, shown.path("read_tokens").get(0))) {
            String value = token.path("value").textValue();
            assertTrue(value.matches("[0-9a-f]{48}"));
            assertFalse(rows.contains(value) || rows.contains(hex(value)), rows);
        }
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(text.getBytes());
    }
}
