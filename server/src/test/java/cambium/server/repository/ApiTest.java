package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What packagecloud's clients depend on; the numbers of must-not-break points are those of the reference.
final class ApiTest {
    private static final String PACKAGES = "/api/v1/repos/acme/shop/packages.json";

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

    private static JsonNode read(HttpResponse<String> answer, int status) {
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes());
    }

    @Test
    void listsDistributionsUnderTheirKnownIds() {
        JsonNode all = server.json("/api/v1/distributions");
        for (String type : List.of("deb", "rpm", "py", "node", "jar", "dsc", "alpine", "anyfile", "helm")) {
            assertTrue(all.path(type).isArray(), type);
        }
        var ids = new TreeSet<Integer>();
        all.forEach(type -> type.forEach(distribution -> distribution.path("versions").forEach(version -> {
            var keys = new ArrayList<String>();
            version.fieldNames().forEachRemaining(keys::add);
            assertEquals(List.of("id", "display_name", "index_name", "version_number"), keys);
            ids.add(version.get("id").intValue());
        })));
        assertEquals(200, ids.stream().filter(id -> id <= 10_000).count());
        assertTrue(ids.containsAll(List.of(1, 35, 142, 166, 167, 191, 215, 227, 276, 302)));
        JsonNode debian = all.path("deb").get(1);
        assertEquals("debian", debian.path("index_name").textValue());
        JsonNode bookworm = debian.path("versions").get(8);
        assertEquals("bookworm", bookworm.path("index_name").textValue());
        assertEquals(215, bookworm.path("id").intValue());
        assertEquals("12.0", bookworm.path("version_number").textValue());
        assertEquals("12 bookworm", bookworm.path("display_name").textValue());
        assertEquals(401, server.http.get("/api/v1/distributions.json").statusCode());
        assertTrue(server.http.get("/api/v1/distributions.json").body().toLowerCase().contains("unauthenticated"));
    }

    @Test
    void showsARepositoryWithPathsAndUrls() {
        JsonNode repository = server.json("/api/v1/repos/acme/shop");
        assertEquals("shop", repository.path("name").textValue());
        assertEquals("acme/shop", repository.path("fqname").textValue());
        assertEquals("0 packages", repository.path("package_count_human").textValue());
        assertFalse(repository.path("private").booleanValue());
        assertTrue(repository.path("created_at").textValue().matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
        assertEquals("/api/v1/repos/acme/shop", repository.path("paths").path("self").textValue());
        assertEquals(PACKAGES, repository.path("paths").path("create_package").textValue());
        for (String path : List.of("package_contents", "master_tokens", "create_master_token", "gpg_keys")) {
            assertTrue(repository.path("paths").path(path).isTextual(), path);
        }
        assertTrue(repository.path("urls").path("install_script").textValue().contains(":package_type"));
        assertEquals(repository, server.json("//api/v1//repos/acme/shop.json"), "doubled slashes, with suffix");
        assertEquals("{\"error\":\"not_found\"}", server.get("/api/v1/repos/acme/none.json").body());
        assertEquals(404, server.get("/api/v1/repos/acme/none.json").statusCode());
    }

    @Test
    void createsRepositoriesFromEveryKindOfBody() {
        for (String type : List.of("application/x-www-form-urlencoded", "")) {
            server.giveSpareKey();
            var request = server.authorized("/api/v1/repos.json");
            String name = "form" + type.length();
            var sent = (type.isEmpty() ? request : request.header("Content-Type", type)).POST(
                BodyPublishers.ofString("repository[name]=" + name + "&repository[private]=0"));
            assertTrue(read(server.send(sent), 201).path("url").textValue().endsWith("/anna/" + name),
                "of the account");
        }
        var taken = read(server.send(server.authorized("/api/v1/repos").header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"repository\":{\"name\":\"acme/shop\"}}"))), 422);
        assertEquals("{\"name\":[\"has already been taken\"]}", taken.toString());
        for (String bad : List.of("", "a/b/c", "../x", "api/shop", "a b", "x/y.json")) {
            var answer = server.send(server.authorized("/api/v1/repos").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"repository\":{\"name\":\"" + bad + "\"}}")));
            assertTrue(read(answer, 422).path("name").isArray(), bad);
        }
        assertEquals(3, server.count("select count(*) from repository"));
        assertEquals(3, server.json("/api/v1/repos").size());
    }

    @Test
    void answersAPushWithDetails() {
        byte[] deb = TestDeb.of("hello", "2:1.0-7", "amd64", "Depends: libc6 (>= 2.36), bash\nRecommends: less\n", "x");
        JsonNode details = read(server.push("acme/shop", deb), 201);
        assertEquals("hello_1.0-7_amd64.deb", details.path("filename").textValue());
        assertEquals("1.0", details.path("version").textValue());
        assertEquals("7", details.path("release").textValue());
        assertEquals(2, details.path("epoch").intValue());
        assertTrue(details.path("size").isTextual());
        assertEquals(Integer.toString(deb.length), details.path("size").textValue());
        assertEquals("debian/bookworm", details.path("distro_version").textValue());
        assertFalse(details.path("indexed").booleanValue());
        assertEquals("anna", details.path("uploader_name").textValue());
        assertEquals(ClosureChecker.sha256(deb), details.path("sha256sum").textValue());
        assertEquals(128, details.path("sha512sum").textValue().length());
        assertEquals("[{\"context\":\"depends\",\"dependencies\":[\"libc6 (>= 2.36)\",\"bash\"]},"
            + "{\"context\":\"recommends\",\"dependencies\":[\"less\"]}]", details.path("dependencies").toString());
        assertEquals("/api/v1/repos/acme/shop/debian/bookworm/hello_1.0-7_amd64.deb",
            details.path("destroy_url").textValue());
        assertTrue(details.path("download_url").textValue().matches(
            "http://.*/acme/shop/packages/debian/bookworm/hello_1.0-7_amd64.deb/download.deb\\?distro_version_id=215"));
        assertTrue(details.path("licenses").isNull() && details.has("licenses"));
        JsonNode shown = server.json(details.path("package_url").textValue());
        assertEquals(details, shown);
        JsonNode versions = server.json(details.path("versions_url").textValue());
        assertEquals(1, versions.size());
        assertFalse(versions.get(0).has("size"));
    }

    @Test
    void refusesAFileNameThatIsTaken() {
        byte[] deb = TestDeb.of("hello", "1.0", "amd64");
        byte[] other = TestDeb.of("hello", "1.0", "amd64", "", "other bytes");
        read(server.push("acme/shop", deb), 201);
        for (byte[] again : List.of(deb, other)) {
            assertEquals("{\"filename\":[\"has already been taken\"]}",
                read(server.push("acme/shop", again), 422).toString());
        }
        JsonNode same = read(server.push("acme/shop", deb, RepositoryServer.BOOKWORM, "?idempotent=true"), 200);
        assertEquals("hello_1.0_amd64.deb", same.path("filename").textValue());
        read(server.push("acme/shop", other, RepositoryServer.BOOKWORM, "?idempotent=true"), 422);
        assertEquals(201, server.push("acme/shop", other, "207", "").statusCode(), "another suite is another place");
        assertEquals(2, server.count("select count(*) from package"));
    }

    @Test
    void remembersTheBytesOfADeletedPackage() {
        byte[] deb = TestDeb.of("hello", "1.0", "amd64");
        read(server.push("acme/shop", deb), 201);
        String path = "/api/v1/repos/acme/shop/debian/12/hello_1.0_amd64.deb";
        var deleted = server.send(server.authorized(path).DELETE());
        assertEquals(200, deleted.statusCode());
        assertEquals("{}", deleted.body());
        assertEquals("[]", server.get(PACKAGES).body());
        var twice = read(server.send(server.authorized(path).DELETE()), 404);
        assertTrue(twice.path("filename").isArray());
        read(server.push("acme/shop", TestDeb.of("hello", "1.0", "amd64", "", "other")), 422);
        read(server.push("acme/shop", deb), 201);
        assertEquals(1, server.json(PACKAGES).size());
    }

    @Test
    void pagesLists() {
        for (int i = 0; i < 5; i++) {
            server.pushed("acme/shop", TestDeb.of("pkg" + i, "1", "amd64"));
        }
        var first = server.get(PACKAGES + "?per_page=2");
        assertEquals("5", first.headers().firstValue("Total").orElseThrow());
        assertEquals("2", first.headers().firstValue("Per-Page").orElseThrow());
        assertEquals("250", first.headers().firstValue("Max-Per-Page").orElseThrow());
        String link = first.headers().firstValue("Link").orElseThrow();
        assertTrue(link.matches("<http://[^,]*page=3>; rel=\"last\", <http://[^,]*page=2>; rel=\"next\""), link);
        var last = server.get(PACKAGES + "?per_page=2&page=3");
        assertFalse(last.headers().firstValue("Link").orElseThrow().contains("\"next\""));
        assertEquals("[]", server.get(PACKAGES + "?per_page=2&page=4").body());
        assertEquals("[]", server.get(PACKAGES + "?page=99999999999").body());
        assertEquals("250", server.get(PACKAGES + "?per_page=1000000").headers().firstValue("Per-Page").orElseThrow());
        assertEquals("30", server.get(PACKAGES + "?per_page=-1").headers().firstValue("Per-Page").orElseThrow());
        var names = new ArrayList<String>();
        for (int page = 1; page <= 3; page++) {
            server.json(PACKAGES + "?per_page=2&page=" + page).forEach(one -> names.add(one.path("name").textValue()));
        }
        assertEquals(List.of("pkg4", "pkg3", "pkg2", "pkg1", "pkg0"), names);
        assertEquals("[]", server.get(PACKAGES + "?filter=rpms").body());
    }

    @Test
    void searches() {
        server.pushed("acme/shop", TestDeb.of("alpha", "1", "amd64"));
        server.pushed("acme/shop", TestDeb.of("beta", "1", "arm64"));
        assertEquals(201, server.push("acme/shop", TestDeb.of("alpha", "2", "amd64"), "237", "").statusCode());
        String search = "/api/v1/repos/acme/shop/search";
        assertEquals(2, server.json(search + "?q=ALPHA").size());
        assertEquals(3, server.json(search + ".json?q=").size());
        assertEquals(1, server.json(search + "?dist=ubuntu").size());
        assertEquals(2, server.json(search + "?dist=debian/bookworm&filter=rpms").size());
        assertEquals(1, server.json(search + "?arch=arm64").size());
        assertEquals(0, server.json(search + "?dist=el/6").size());
        assertEquals(0, server.json(search + "?q=%25").size(), "no wildcard");
    }

    @Test
    void hidesAPrivateRepositoryLikeAMissingOne() {
        server.create("acme/secret", true);
        server.pushed("acme/secret", TestDeb.of("hello", "1", "amd64"));
        assertEquals(1, server.json("/api/v1/repos/acme/secret/packages.json").size());
        for (String path : List.of("/api/v1/repos/acme/NAME", "/api/v1/repos/acme/NAME/packages.json",
            "/api/v1/repos/acme/NAME/search", "/acme/NAME/debian/dists/bookworm/InRelease", "/acme/NAME/gpgkey",
            "/acme/NAME/debian/pool/bookworm/main/h/hello/hello_1_amd64.deb",
            "/acme/NAME/packages/debian/bookworm/hello_1_amd64.deb/download.deb",
            "/api/v1/repos/acme/NAME/package/deb/debian/bookworm/hello/amd64/1.json")) {
            var hidden = server.http.get(path.replace("NAME", "secret"));
            var missing = server.http.get(path.replace("NAME", "nothing"));
            assertTrue(hidden.statusCode() == 404 || hidden.statusCode() == 401, path);
            assertEquals(hidden.statusCode(), missing.statusCode(), path);
            String id = "\"request_id\":\"[^\"]*\"";
            assertEquals(hidden.body().replaceAll(id, ""), missing.body().replaceAll(id, ""), path);
        }
        var asked = server.http.get("/acme/secret/debian/dists/bookworm/InRelease");
        assertEquals(401, asked.statusCode());
        assertTrue(asked.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic"));
    }

    @Test
    void needsATokenToChangeAnything() {
        byte[] deb = TestDeb.of("hello", "1", "amd64");
        var push = new TestForm().file(deb).field("package[distro_version_id]", "215");
        var anonymous = server.send(push.request(server.http.request(PACKAGES)));
        assertEquals(401, anonymous.statusCode());
        var wrong = server.send(push.request(server.http.request(PACKAGES, "Authorization", "Basic eDo=")));
        assertEquals(401, wrong.statusCode());
        assertEquals(401, server.send(server.http.request("/api/v1/repos/acme/shop/debian/bookworm/x.deb").DELETE())
            .statusCode());
        assertEquals(0, server.count("select count(*) from package"));
        var unknown = read(server.send(push.request(server.authorized("/api/v1/repos/acme/none/packages.json"))), 404);
        assertEquals("{\"error\":\"not_found\"}", unknown.toString());
    }
}
