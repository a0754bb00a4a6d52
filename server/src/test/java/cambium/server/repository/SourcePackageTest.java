package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourcePackageTest {
    @TempDir
    Path data;

    private RepositoryServer server;
    private final TestSource source = TestSource.of("greet", "1.0-1");

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data);
        server.create("acme", "shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private long stored() {
        return server.count("select count(*) from package_file");
    }

    @Test
    void isPushedWithItsFilesAndFoundBySourcesWithAllOfThem() throws Exception {
        HttpResponse<String> answer = source.push(server);
        assertEquals(201, answer.statusCode(), answer.body());
        server.settled();
        new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64");
        JsonNode listed = server.json("/api/v1/repos/acme/shop/packages.json").get(0);
        assertEquals("dsc", listed.path("type").textValue());
        assertEquals("greet_1.0-1.dsc", listed.path("filename").textValue());
        assertEquals(3, stored());
        assertEquals(422, source.push(server).statusCode());
        assertEquals("{\"filename\":[\"has already been taken\"]}", source.push(server).body());
    }

    @Test
    void whatIsMissingWrongOrTooMuchIsRefusedAndNothingStored() {
        var files = new TreeMap<>(source.files());
        String orig = "greet_1.0.orig.tar.gz";
        files.remove(orig);
        refused(orig + " is missing", source.form(files));
        files.put(orig, "the source of greet1.1".getBytes());
        refused(orig + " has other digests than the .dsc says", source.form(files));
        files.put(orig, "short".getBytes());
        refused(orig + " has 5 bytes, the .dsc says 22", source.form(files));
        files.putAll(source.files());
        files.put("more.tar.gz", new byte[3]);
        refused("a file was sent that the .dsc does not name", source.form(files));
        refused(orig + " was sent twice", source.form().file("package[source_files][]", "filename=" + orig,
            source.files().get(orig)));
        refused("greet_1.0-1.debian.tar.xz is missing", source.form(Map.of()));
        assertEquals(0, stored());
        assertEquals(0, server.count("select count(*) from blob where freed_at is null"));
    }

    private void refused(String reason, TestForm form) {
        HttpResponse<String> answer = TestSource.push(server, form);
        assertEquals(422, answer.statusCode(), answer.body());
        assertEquals("{\"source_files\":[\"" + reason + "\"]}", answer.body());
    }

    @Test
    void revisionsShareTheirUpstreamFileAsLongAsItIsTheSame() throws Exception {
        assertEquals(201, source.push(server).statusCode());
        var second = TestSource.of("greet", "1.0-2");
        assertEquals(201, second.push(server).statusCode());
        var other = new TreeMap<>(TestSource.of("greet", "1.0-3").files());
        other.put("greet_1.0.orig.tar.gz", "another source".getBytes());
        HttpResponse<String> answer = new TestSource("greet", "1.0-3", other).push(server);
        assertEquals(422, answer.statusCode(), answer.body());
        server.settled();
        server.delete("acme/shop/debian/bookworm/greet_1.0-1.dsc");
        server.settled();
        new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64");
        String sources = server.http.get("/acme/shop/debian/dists/bookworm/main/source/Sources").body();
        assertEquals(List.of("Version: 1.0-2"), sources.lines().filter(line -> line.startsWith("Version")).toList());
    }

    @Test
    void tellsTheFilesOfADscInExactlyThreeWordsEach() {
        HttpResponse<String> answer = contents(new TestForm().file(source.dsc()));
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().matches("\\{\"files\":\\[(\\{\"filename\":\"greet_1\\.0[^\"]*\",\"size\":[0-9]+,"
            + "\"md5sum\":\"[0-9a-f]{32}\"},?){2}]}"), answer.body());
        assertEquals(422, contents(new TestForm().file("no dsc".getBytes())).statusCode());
        assertEquals("{\"package_file\":[\"can't be blank\"]}",
            contents(new TestForm().field("package[distro_version_id]", "1")).body());
        assertEquals(0, stored());
    }

    private HttpResponse<String> contents(TestForm form) {
        return server.send(form.request(server.authorized("/api/v1/repos/acme/shop/packages/contents.json")));
    }
}
