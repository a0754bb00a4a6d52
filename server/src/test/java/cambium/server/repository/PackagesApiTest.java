package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.TestRpm;
import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lists, groups, details and addresses of packages of every type.
final class PackagesApiTest {
    private static final String REPOSITORY = "/api/v1/repos/acme/shop";
    private static final String JAMMY = "237";
    private static final String ANYFILE = "230";

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

    private void push(String repository, byte[] file, String suite, String filename) {
        HttpResponse<String> answer = server.send(new TestForm()
            .file("package[package_file]", "filename=\"" + filename + "\"", file)
            .field("package[distro_version_id]", suite)
            .request(server.authorized("/api/v1/repos/" + repository + "/packages.json")));
        assertEquals(201, answer.statusCode(), answer.body());
    }

    private void pushSome(String repository) {
        push(repository, TestDeb.of("libfoo++", "1:1.0~rc1+b2-7", "amd64"), RepositoryServer.BOOKWORM, "");
        push(repository, TestDeb.of("hello", "1.0-7", "all"), RepositoryServer.BOOKWORM, "");
        push(repository, TestDeb.of("hello", "1.1", "amd64"), JAMMY, "");
        push(repository, TestDeb.of("hello", "1.2", "amd64"), JAMMY, "");
        push(repository, "any".getBytes(), ANYFILE, "tools-1.2+b~1.tar.gz");
    }

    private void pushSources(String repository) {
        TestSource source = TestSource.of("greet", "1.0-1");
        String dsc = new String(source.dsc()).replace("Architecture: any", "Architecture: i386 amd64 all")
            .replace("Version: ", "Version: 1:");
        var form = new TestForm().file(dsc.getBytes()).field("package[distro_version_id]", JAMMY);
        source.files().forEach((name, bytes) -> form.file("package[source_files][]", "filename=" + name, bytes));
        HttpResponse<String> answer = server.send(form.request(server.authorized("/api/v1/repos/" + repository
            + "/packages.json")));
        assertEquals(201, answer.statusCode(), answer.body());
    }

    private void pushRpms(String repository) {
        push(repository, TestRpm.of("tool", "1.0~rc1", "1.el9", "x86_64").build(), RpmTest.EL9, "");
        push(repository, TestRpm.of("tool", "1.0~rc1", "1.el9", "noarch").build(), RpmTest.EL9, "");
    }

    private List<String> names(String path) {
        var names = new ArrayList<String>();
        server.json(path).forEach(one -> names.add(one.path("name").textValue()));
        return names;
    }

    /// The answer behind an address as it stands in an answer; credentials that it holds are sent.
    private HttpResponse<String> followed(String address, boolean asOwner) {
        URI uri = URI.create(address);
        String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        HttpRequest.Builder request = asOwner ? server.authorized(path) : server.http.request(path);
        if (uri.getUserInfo() != null) {
            request.header("Authorization", "Basic "
                + Base64.getEncoder().encodeToString(uri.getUserInfo().getBytes()));
        }
        HttpResponse<String> answer = server.send(request);
        return answer.statusCode() == 302
            ? server.http.get(answer.headers().firstValue("Location").orElseThrow()) : answer;
    }

    @Test
    void everyAddressLeadsToWhatItNames() {
        for (String repository : List.of("acme/shop", "acme/secret")) {
            if (repository.endsWith("secret")) {
                server.create(repository, true);
            }
            pushSome(repository);
            pushSources(repository);
            pushRpms(repository);
            server.settled();
            for (JsonNode one : server.json("/api/v1/repos/" + repository + "/packages.json")) {
                JsonNode details = server.json(one.path("package_url").textValue());
                assertEquals(one.path("filename"), details.path("filename"));
                assertEquals(details, server.json(details.path("self_url").textValue()));
                assertTrue(details.path("indexed").booleanValue());
                for (String stats : List.of("downloads_count_url", "downloads_series_url", "downloads_detail_url")) {
                    assertEquals(200, followed(one.path(stats).textValue(), true).statusCode(), stats);
                }
                JsonNode versions = server.json(details.path("versions_url").textValue());
                assertTrue(versions.size() >= 1 && versions.findValuesAsText("filename")
                    .contains(one.path("filename").textValue()));
                assertEquals(200, followed(details.path("repository_url").textValue(), true).statusCode());
                HttpResponse<String> bytes = followed(one.path("download_url").textValue(), false);
                assertEquals(200, bytes.statusCode(), one.path("download_url").textValue());
                assertEquals(details.path("size").textValue(),
                    bytes.headers().firstValue("Content-Length").orElseThrow());
                assertEquals("attachment; filename=\"" + one.path("filename").textValue() + "\"",
                    bytes.headers().firstValue("Content-Disposition").orElseThrow());
            }
            for (JsonNode one : server.json("/api/v1/repos/" + repository + "/packages.json")) {
                assertEquals(200, server.send(server.authorized(one.path("destroy_url").textValue()).DELETE())
                    .statusCode(), one.path("destroy_url").textValue());
            }
            assertEquals("[]", server.get("/api/v1/repos/" + repository + "/packages.json").body());
            assertEquals("0 packages", server.json("/api/v1/repos/" + repository).path("package_count_human")
                .textValue());
        }
    }

    @Test
    void showsSourcesAndRpmsInTheirOwnForm() {
        pushSources("acme/shop");
        pushRpms("acme/shop");
        JsonNode rpm = server.json(REPOSITORY + "/package/rpm/el/9/tool/x86_64/1.0~rc1/1.el9.json");
        assertEquals("1.0~rc1", rpm.path("version").textValue());
        assertEquals("1.el9", rpm.path("release").textValue());
        assertEquals("rpm", rpm.path("type").textValue());
        assertEquals("el/9", rpm.path("distro_version").textValue());
        assertEquals("requires", rpm.path("dependencies").get(0).path("context").textValue());
        assertEquals(REPOSITORY + "/el/9/tool-1.0~rc1-1.el9.x86_64.rpm/promote.json",
            rpm.path("promote_url").textValue());
        assertTrue(rpm.path("download_url").textValue().endsWith(
            "/acme/shop/packages/el/9/tool-1.0~rc1-1.el9.x86_64.rpm/download.rpm?distro_version_id=240"));
        JsonNode dsc = server.json(REPOSITORY + "/package/dsc/ubuntu/jammy/greet/i386%20amd64%20all/1.0-1.json");
        assertEquals("i386 amd64 all", dsc.path("architecture").textValue());
        assertEquals(1, dsc.path("epoch").intValue());
        assertEquals("build-depends", dsc.path("dependencies").get(0).path("context").textValue());
        assertEquals(404, server.get(REPOSITORY + "/package/deb/ubuntu/jammy/greet/i386%20amd64%20all/1.0-1.json")
            .statusCode());
        for (String part : List.of("greet_1.0.orig.tar.gz", "greet_1.0-1.debian.tar.xz", "greet_1.0-1.dsc")) {
            HttpResponse<String> bytes = followed("/acme/shop/packages/ubuntu/jammy/greet_1.0-1.dsc/files/" + part
                + "/download", false);
            assertEquals(200, bytes.statusCode(), part);
            assertTrue(bytes.headers().firstValue("Content-Disposition").orElseThrow().contains(part));
        }
        assertEquals(List.of("greet"), names(REPOSITORY + "/search?filter=dscs"));
        assertEquals(List.of("tool", "tool"), names(REPOSITORY + "/search?dist=el/9.0"));
        assertEquals(List.of("tool", "tool"), names(REPOSITORY + "/packages/rpm/el/9.json"));
        server.create("acme", "live");
        for (JsonNode one : server.json(REPOSITORY + "/packages.json")) {
            assertEquals(200, server.send(server.authorized(one.path("promote_url").textValue()
                + "?destination=acme/live").POST(BodyPublishers.noBody())).statusCode());
        }
        server.settled();
        assertEquals(3, server.json("/api/v1/repos/acme/live/packages.json?filter=all").findValuesAsText("indexed")
            .stream().filter("true"::equals).count());
        assertEquals("[]", server.get(REPOSITORY + "/packages.json").body());
    }

    @Test
    void answersHeadForDownloads() throws Exception {
        pushSome("acme/shop");
        var head = server.bytes(server.http.request("//acme//shop/packages/debian/12/hello_1.0-7_all.deb/download")
            .method("HEAD", BodyPublishers.noBody()));
        assertEquals(302, head.statusCode());
        var bytes = server.bytes(server.http.request(head.headers().firstValue("Location").orElseThrow())
            .method("HEAD", BodyPublishers.noBody()));
        assertEquals(200, bytes.statusCode());
        assertTrue(bytes.headers().firstValueAsLong("Content-Length").orElseThrow() > 0);
        for (String other : List.of("download.deb", "download.bin")) {
            assertEquals(302, server.http.get("/acme/shop/packages/ubuntu/jammy/hello_1.1_amd64.deb/" + other)
                .statusCode());
        }
        for (String none : List.of("ubuntu/jammy/hello_1.1_amd64.deb/downloads",
            "ubuntu/none/hello_1.1_amd64.deb/download", "ubuntu/jammy/hello_9_amd64.deb/download",
            "gems/x-1.gem/download")) {
            assertEquals(404, server.http.get("/acme/shop/packages/" + none).statusCode(), none);
        }
    }

    @Test
    void filtersByTypePlaceAndArchitecture() {
        pushSome("acme/shop");
        for (String filter : List.of("deb", "debs", "DEB", "Debs")) {
            assertEquals(4, server.json(REPOSITORY + "/packages.json?filter=" + filter).size(), filter);
        }
        for (String filter : List.of("", "all", "ALL")) {
            assertEquals(5, server.json(REPOSITORY + "/search?filter=" + filter).size(), filter);
        }
        assertEquals(List.of("tools-1.2+b~1.tar.gz"), names(REPOSITORY + "/search.json?filter=anyfile"));
        for (String filter : List.of("rpms", "dscs", "gems", "python", "java", "node", "nonsense")) {
            assertEquals("[]", server.get(REPOSITORY + "/search?filter=" + filter).body(), filter);
        }
        assertEquals(List.of("hello", "hello"), names(REPOSITORY + "/search?dist=ubuntu&filter=rpms"));
        assertEquals(List.of("hello"), names(REPOSITORY + "/search?dist=Ubuntu/22.04&q=1.2"));
        assertEquals(List.of("hello", "libfoo++"), names(REPOSITORY + "/search?dist=debian/12.0"));
        assertEquals(List.of("hello"), names(REPOSITORY + "/search?arch=all"));
        assertEquals(List.of("libfoo++"), names(REPOSITORY + "/search?q=FOO%2B%2B_"));
        assertEquals(List.of(), names(REPOSITORY + "/search?q=foo_"), "no wildcard");
        assertEquals(1, server.count("select count(*) from pg_indexes where indexname = 'package_by_part_of_filename'"),
            "our own PostgreSQL finds parts of names by an index");
        assertEquals("4", server.get(REPOSITORY + "/packages?filter=deb&per_page=1").headers().firstValue("Total")
            .orElseThrow());
        assertEquals("1", server.get(REPOSITORY + "/search?arch=all").headers().firstValue("Total").orElseThrow());
    }

    @Test
    void groupsVersionsByName() {
        pushSome("acme/shop");
        JsonNode all = server.json(REPOSITORY + "/packages/deb.json");
        assertEquals(List.of("hello", "hello", "libfoo++"), all.findValuesAsText("name"));
        assertEquals(List.of("1", "2", "1"), all.findValuesAsText("versions_count"));
        assertEquals(REPOSITORY + "/package/deb/ubuntu/jammy/hello/amd64/versions.json",
            all.get(1).path("versions_url").textValue());
        assertEquals(REPOSITORY, all.get(0).path("repository_url").textValue());
        assertEquals("/acme/shop", all.get(0).path("repository_html_url").textValue());
        assertEquals(2, server.json(all.get(1).path("versions_url").textValue()).size());
        assertEquals(List.of("hello", "libfoo++"), names(REPOSITORY + "/packages/deb/debian"));
        assertEquals(List.of("hello"), names(REPOSITORY + "/packages/deb/ubuntu/jammy.json"));
        assertEquals(List.of("hello"), names(REPOSITORY + "/packages/deb/ubuntu/22.04/amd64.json"));
        assertEquals(List.of("hello", "libfoo++"), names(REPOSITORY + "/packages/deb/*/*/amd64.json"));
        assertEquals(List.of("hello"), names(REPOSITORY + "/packages/deb/*/jammy/*"));
        assertEquals(List.of("tools-1.2+b~1.tar.gz"), names(REPOSITORY + "/packages/anyfile.json"));
        for (String none : List.of("rpm", "gem", "deb/debian/sid", "deb/debian/bookworm/arm64", "contents")) {
            assertEquals("[]", server.get(REPOSITORY + "/packages/" + none + ".json").body(), none);
        }
        var paged = server.get(REPOSITORY + "/packages/deb.json?per_page=2&page=2");
        assertEquals(1, Json.read(paged.body().getBytes()).size());
        assertEquals("3", paged.headers().firstValue("Total").orElseThrow());
    }

    @Test
    void countsWithoutReadingAndStaysRightWhateverHappens() {
        pushSome("acme/shop");
        server.settled();
        String file = "acme/shop/ubuntu/jammy/hello_1.1_amd64.deb";
        server.delete(file);
        var lists = new PackageLists(server.database);
        for (int round = 0; round < 2; round++) {
            assertEquals("4", server.get(REPOSITORY + "/packages").headers().firstValue("Total").orElseThrow());
            assertEquals("1", server.get(REPOSITORY + "/search?dist=ubuntu/jammy").headers().firstValue("Total")
                .orElseThrow());
            assertEquals("4 packages", server.json(REPOSITORY).path("package_count_human").textValue());
            lists.gatherTallies();
        }
        assertEquals(3, server.count("select count(*) from package_tally"));
        push("acme/shop", TestDeb.of("hello", "1.1", "amd64"), JAMMY, "");
        assertEquals(5, server.count("select sum(change) from package_tally"), "the same identity came back");
        assertFalse(server.get(REPOSITORY + "/packages?page=2").body().contains("{"));
    }
}
