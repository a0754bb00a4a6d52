package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.TestRpm;
import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short list of what must never break for packagecloud's clients, point by point, under the reference's numbers.
final class MustNotBreakTest {
    private static final String SHOP = "/api/v1/repos/acme/shop";
    private static final String PACKAGES = SHOP + "/packages.json";
    private static final String INSTALL = "/install/repositories/acme/shop/";
    private static final byte[] DEB = TestDeb.of("hello", "2:1.0-7", "amd64");
    private static final String FILE = "hello_1.0-7_amd64.deb";

    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data);
        server.create("acme", "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static JsonNode read(HttpResponse<String> answer, int status) {
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes());
    }

    private HttpResponse<String> post(String path, String form) {
        return server.send(server.authorized(path).POST(BodyPublishers.ofString(form)));
    }

    private HttpResponse<String> delete(String path) {
        return server.send(server.authorized(path).DELETE());
    }

    private static List<String> keys(JsonNode node) {
        var keys = new ArrayList<String>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static void eachIsAnArray(JsonNode refusal) {
        assertTrue(refusal.isObject() && !refusal.isEmpty(), refusal.toString());
        refusal.forEach(value -> assertTrue(value.isArray() && value.get(0).isTextual(), refusal.toString()));
    }

    @Test
    void point1PathsAndUrlsStandInTheAnswerAboutARepository() {
        JsonNode shown = server.json(SHOP + ".json");
        assertEquals(List.of("self", "create_package", "package_contents", "master_tokens", "create_master_token",
            "gpg_keys"), keys(shown.path("paths")));
        for (String path : List.of("self", "master_tokens", "gpg_keys")) {
            assertEquals(200, server.get(shown.path("paths").path(path).textValue()).statusCode(), path);
        }
        String script = shown.path("urls").path("install_script").textValue();
        assertTrue(script.contains("/install/repositories/acme/shop/script.:package_type.sh"), script);
        server.create("acme/secret", true);
        URI secret = URI.create(server.json("/api/v1/repos/acme/secret").path("urls").path("install_script")
            .textValue().replace(":package_type", "deb"));
        HttpResponse<String> fetched = server.http.get(secret.getRawPath(), "Authorization", "Basic "
            + Base64.getEncoder().encodeToString(secret.getUserInfo().getBytes()));
        assertEquals(200, fetched.statusCode(), "with the token in the address and no other");
        assertEquals(401, server.http.get(secret.getRawPath()).statusCode());
    }

    @Test
    void point2DoubledSlashesAreReadAsOneWithoutARedirect() {
        assertEquals(200, server.get("//api/v1/distributions.json").statusCode());
        assertEquals(201, server.push("acme/shop//", DEB).statusCode());
        assertEquals(200, delete("///api//v1/repos/acme/shop/debian/bookworm//" + FILE).statusCode());
    }

    @Test
    void point3ADuplicateIsAnsweredWithTheseBytes() {
        server.pushed("acme/shop", DEB);
        HttpResponse<String> again = server.push("acme/shop", DEB);
        assertEquals(422, again.statusCode());
        assertEquals("{\"filename\":[\"has already been taken\"]}", again.body());
    }

    @Test
    void point4EveryValueOfARefusalIsAnArray() {
        server.pushed("acme/shop", DEB);
        eachIsAnArray(read(server.push("acme/shop", DEB), 422));
        eachIsAnArray(read(server.push("acme/shop", new byte[5]), 422));
        eachIsAnArray(read(server.push("acme/shop", DEB, "", ""), 422));
        eachIsAnArray(read(post("/api/v1/repos", "repository[name]=acme/shop"), 422));
        eachIsAnArray(read(post(SHOP + "/master_tokens", "master_token[name]=default"), 422));
        eachIsAnArray(read(delete(SHOP + "/debian/bookworm/none.deb"), 404));
        eachIsAnArray(read(post(SHOP + "/debian/bookworm/" + FILE + "/promote.json", ""), 422));
        eachIsAnArray(read(post(SHOP + "/debian/bookworm/none.deb/promote.json", "destination=acme/none"), 404));
        eachIsAnArray(read(server.send(new TestForm().file(new byte[5])
            .request(server.authorized(SHOP + "/packages/contents.json"))), 422));
    }

    @Test
    void point5EachSuccessHasItsOwnCode() {
        assertEquals(201, server.push("acme/shop", DEB).statusCode());
        HttpResponse<String> deleted = delete(SHOP + "/debian/bookworm/" + FILE);
        assertEquals("200 {}", deleted.statusCode() + " " + deleted.body());
        JsonNode token = read(post(SHOP + "/master_tokens", "master_token[name]=ci"), 201);
        String self = token.path("paths").path("self").textValue();
        JsonNode readToken = read(post(self + "/read_tokens.json", "read_token[name]=web-1"), 201);
        HttpResponse<String> gone = delete(self + "/read_tokens/" + readToken.path("id").asText());
        assertEquals("204 ", gone.statusCode() + " " + gone.body());
        assertEquals(204, delete(self).statusCode());
        String key = server.json(SHOP + "/gpg_keys").path("gpg_keys").get(0).path("self").textValue();
        assertEquals(404, delete(key).statusCode(), "a key that signs");
        JsonNode added = read(server.send(new TestForm().file("gpg_key[keydata]", "filename=k", foreignKey())
            .request(server.authorized(SHOP + "/gpg_keys.json"))), 201);
        HttpResponse<String> removed = delete(added.path("destroy_url").textValue());
        assertEquals("204 ", removed.statusCode() + " " + removed.body());
    }

    /// The key that signs another repository.
    private byte[] foreignKey() {
        server.create("acme", "other");
        return server.http.get("/acme/other/gpgkey").body().getBytes();
    }

    @Test
    void point6StrictClientsFindExactlyTheKeysTheyKnow() {
        server.json("/api/v1/distributions").forEach(type -> type.forEach(distribution ->
            distribution.path("versions").forEach(version -> assertEquals(
                List.of("id", "display_name", "index_name", "version_number"), keys(version)))));
        TestSource source = TestSource.of("greet", "1.0-1");
        for (String path : List.of("/packages/contents.json", "/packages/contents")) {
            JsonNode contents = read(server.send(new TestForm().file(source.dsc())
                .field("package[distro_version_id]", RepositoryServer.BOOKWORM)
                .request(server.authorized(SHOP + path))), 200);
            assertEquals(List.of("files"), keys(contents));
            assertEquals(source.files().size(), contents.path("files").size());
            contents.path("files").forEach(file -> {
                assertEquals(List.of("filename", "size", "md5sum"), keys(file));
                assertEquals(source.files().get(file.path("filename").textValue()).length,
                    file.path("size").intValue());
            });
        }
    }

    @Test
    void point7TheTypesAreAlwaysThereAndIdsAreTheKnownOnes() throws IOException {
        JsonNode all = server.json("/api/v1/distributions.json");
        var ids = new TreeMap<String, Integer>();
        for (String type : List.of("deb", "rpm", "py", "node", "jar", "anyfile", "alpine", "helm")) {
            assertTrue(all.path(type).isArray() && !all.path(type).isEmpty(), type);
            all.path(type).forEach(distribution -> distribution.path("versions").forEach(version -> ids.put(
                distribution.path("index_name").textValue() + "/" + version.path("index_name").textValue(),
                version.path("id").intValue())));
        }
        var known = new TreeMap<String, Integer>();
        try (var lines = new String(MustNotBreakTest.class.getResourceAsStream("packagecloud-ids.txt").readAllBytes())
            .lines()) {
            lines.map(line -> line.split(" ")).forEach(pair -> known.put(pair[0], Integer.valueOf(pair[1])));
        }
        ids.keySet().retainAll(known.keySet());
        assertEquals(known, ids, "clients have these ids written into their programs");
        assertEquals(195, known.size());
    }

    @Test
    void point8TheFileItselfSaysItsNameWhateverTheFormIsLike() {
        var form = new TestForm().raw("Content-ID: <1>\r\nContent-Type: multipart/form-data\r\n\r\n")
            .file("package[package_file]", "filename=../x.rpm", DEB).field("package[distro_version_id]", "215");
        assertEquals(FILE, read(server.send(form.request(server.authorized(PACKAGES))), 201).path("filename")
            .textValue());
        var withoutPlace = new TestForm().file(DEB).field("package[distro_version_id]", "");
        HttpResponse<String> answer = server.send(withoutPlace.request(server.authorized(PACKAGES)));
        eachIsAnArray(read(answer, 422));
        assertEquals("distro_version_id_missing", answer.headers().firstValue("X-Cambium-Code").orElse(""),
            "an empty id is read, and a .deb needs one");
        var file = new TestForm().raw("").file("package[package_file]", "filename=notes.txt", new byte[9])
            .field("package[distro_version_id]", "230");
        assertEquals(201, server.send(file.request(server.authorized(PACKAGES))).statusCode());
    }

    @Test
    void point9TheLastPageHasNoNextAndPagesBehindItAreEmpty() {
        for (int i = 0; i < 3; i++) {
            server.pushed("acme/shop", TestDeb.of("p" + i, "1", "amd64"));
        }
        HttpResponse<String> first = server.get(PACKAGES + "?per_page=2");
        assertTrue(first.headers().firstValue("Link").orElse("").contains("rel=\"next\""));
        HttpResponse<String> last = server.get(PACKAGES + "?per_page=2&page=2");
        assertFalse(last.headers().firstValue("Link").orElse("").contains("rel=\"next\""));
        HttpResponse<String> behind = server.get(PACKAGES + "?per_page=2&page=3");
        assertEquals("200 []", behind.statusCode() + " " + behind.body());
        for (HttpResponse<String> page : List.of(first, last, behind)) {
            assertEquals("3", page.headers().firstValue("Total").orElseThrow());
            assertEquals("2", page.headers().firstValue("Per-Page").orElseThrow());
            assertEquals("250", page.headers().firstValue("Max-Per-Page").orElseThrow());
        }
    }

    @Test
    void point10SizeIsTextAndEpochANumberOrNull() {
        JsonNode with = read(server.push("acme/shop", DEB), 201);
        assertTrue(with.path("size").isTextual() && with.path("epoch").isInt());
        JsonNode without = read(server.push("acme/shop", TestDeb.of("hello", "1.1", "amd64")), 201);
        assertTrue(without.has("epoch") && without.path("epoch").isNull());
        assertTrue(without.has("release") && without.path("release").isNull());
    }

    @Test
    void point11TextsForMachinesDoNotRedirectAndUnknownSystemsAreErrors() {
        for (String text : List.of("config_file.list?os=debian&dist=12&name=web-1&source=script",
            "config_file.list?os=Ubuntu&dist=jammy", "config_file.repo?os=el&dist=9.4&name=web-1",
            "apt_auth_conf?os=debian&dist=12&name=web-1", "gpg_key_url.list?os=debian&dist=12&name=web-1",
            "gpg_key_url.repo?os=el&dist=9&name=web-1", "rpm_base_url?os=el&dist=9&name=web-1", "script.deb.sh",
            "script.rpm.sh")) {
            assertEquals(200, server.http.get(INSTALL + text).statusCode(), text);
        }
        assertEquals(201, post(INSTALL + "tokens.text", "name=web-1").statusCode());
        for (String unknown : List.of("config_file.list?os=beos&dist=5", "config_file.list?os=debian&dist=none",
            "config_file.repo?os=el&dist=99", "config_file.list", "rpm_base_url?os=beos&dist=5",
            "gpg_key_url.list?os=beos&dist=5", "apt_auth_conf?os=beos&dist=5")) {
            int status = server.http.get(INSTALL + unknown).statusCode();
            assertTrue(status >= 400 && status < 500, unknown + " " + status);
        }
    }

    @Test
    void point12AReadTokenOfTheSameNameIsTheSame() {
        String self = server.json(SHOP + "/master_tokens").get(0).path("paths").path("self").textValue();
        JsonNode first = read(post(self + "/read_tokens.json", "read_token[name]=web-1"), 201);
        JsonNode second = read(post(self + "/read_tokens.json", "read_token[name]=web-1"), 201);
        assertEquals(first.path("value"), second.path("value"));
        assertTrue(first.path("value").textValue().matches("[0-9a-f]{48}"));
    }

    @Test
    void point13TheFolderOfSourceRpmsHasRepodataEvenWhenItIsEmpty() {
        server.push("acme/shop", TestRpm.of("tool", "1.0", "1", "x86_64").build(), RpmTest.EL9, "");
        server.settled();
        for (String folder : List.of("x86_64", "SRPMS")) {
            String repomd = "/acme/shop/el/9/" + folder + "/repodata/repomd.xml";
            assertEquals(200, server.http.get(repomd).statusCode(), folder);
            assertEquals(200, server.http.get(repomd + ".asc").statusCode(), folder);
        }
    }

    @Test
    void point14OriginAndLabelAreWhatUsersPin() {
        server.pushed("acme/shop", DEB);
        server.settled();
        String release = server.http.get("/acme/shop/debian/dists/bookworm/Release").body();
        assertTrue(release.contains("Origin: packages.example.org/acme/shop\n"), release);
        assertTrue(release.contains("Label: shop\n") && release.contains("Codename: bookworm\n"), release);
        assertTrue(release.contains("Version: 1\n") && release.contains("Suite: bookworm\n"), release);
    }

    @Test
    void point15HardCodedDownloadsLiveAndThoseOfPrivateRepositoriesHoldAToken() {
        server.create("acme/secret", true);
        for (String repository : List.of("acme/shop", "acme/secret")) {
            server.pushed(repository, DEB);
            String url = server.json("/api/v1/repos/" + repository + "/packages.json").get(0).path("download_url")
                .textValue();
            assertTrue(url.endsWith("/" + repository + "/packages/debian/bookworm/" + FILE
                + "/download.deb?distro_version_id=215"), url);
            URI uri = URI.create(url);
            String[] header = uri.getUserInfo() == null ? new String[0] : new String[] {"Authorization",
                "Basic " + Base64.getEncoder().encodeToString(uri.getUserInfo().getBytes())};
            assertEquals(repository.equals("acme/secret"), header.length > 0, url);
            for (String end : List.of("download", "download.deb", "download.deb?distro_version_id=215")) {
                assertEquals(302, server.http.get("/" + repository + "/packages/debian/bookworm/" + FILE + "/" + end,
                    header).statusCode(), end);
            }
        }
        assertEquals(401, server.http.get("/acme/secret/packages/debian/bookworm/" + FILE + "/download").statusCode());
    }

    @Test
    void point16APostWithoutATypeIsAForm() {
        assertEquals(201, post(SHOP + "/master_tokens", "master_token[name]=x").statusCode());
        server.giveSpareKey();
        assertEquals(201, post("/api/v1/repos", "repository[name]=acme/other&repository[private]=0").statusCode());
    }

    @Test
    void point17ATokenMayStandInThePath() {
        server.create("acme/secret", true);
        server.pushed("acme/secret", DEB);
        server.settled();
        String self = server.json("/api/v1/repos/acme/secret/master_tokens").get(0).path("paths").path("self")
            .textValue();
        String token = read(post(self + "/read_tokens.json", "read_token[name]=web-1"), 201).path("value").textValue();
        for (String path : List.of("/acme/secret/gpgkey", "/acme/secret/debian/dists/bookworm/InRelease")) {
            assertEquals(401, server.http.get(path).statusCode(), path);
            assertEquals(200, server.http.get("/priv/" + token + path).statusCode(), path);
            assertEquals(401, server.http.get("/priv/" + "f".repeat(48) + path).statusCode(), path);
        }
        assertEquals(302, server.http.get("/priv/" + token + "/acme/secret/debian/pool/bookworm/main/h/hello/" + FILE)
            .statusCode());
    }
}
