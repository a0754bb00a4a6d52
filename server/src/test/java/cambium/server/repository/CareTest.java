package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.PackageFamily;
import cambium.server.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the owner of packages does beyond packagecloud's API.
final class CareTest {
    private static final String FILE = "debian/bookworm/hello_1.0-7_amd64.deb";
    private static final String POOL = "/acme/shop/debian/pool/bookworm/main/h/hello/hello_1.0-7_amd64.deb";
    private static final String RING_POOL = POOL.replace("shop/", "shop/rings/0/");
    private static final byte[] DEB = TestDeb.of("hello", "1.0-7", "amd64");

    @TempDir
    Path data;

    private RepositoryServer server;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data);
        server.create("acme", "shop");
        server.pushed("acme/shop", DEB);
        server.settled();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode post(String path, String body, int status) {
        HttpResponse<String> answer = server.send(server.authorized("/api/repositories/acme/shop" + path)
            .header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
        assertEquals(status, answer.statusCode(), path + ": " + answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private int status(String path) throws Exception {
        return server.bytes(path).statusCode();
    }

    private String index(String root) throws Exception {
        return new String(server.bytes("/acme/" + root + "debian/dists/bookworm/main/binary-amd64/Packages").body(),
            StandardCharsets.UTF_8);
    }

    private RingChannels.Admission admitToRing() {
        return admitToRing(server.json("/api/v1/repos/acme/shop/package/deb/debian/bookworm/hello/amd64/1.0-7.json")
            .path("sha256sum").asText());
    }

    private RingChannels.Admission admitToRing(String sha256) {
        return server.feature.rings().admit(RepositoryName.of("acme", "shop").orElseThrow(),
            new KnownSuite(215, "debian", "bookworm", PackageFamily.APT), 0, List.of(sha256));
    }

    @Test
    void quarantineHidesAPackageEverywhereAtOnceAndReleaseBringsItBack() throws Exception {
        admitToRing();
        server.settled();
        assertEquals(302, status(POOL));
        assertEquals(302, status(RING_POOL));

        post("/packages/" + FILE + "/quarantine", "{\"why\":\"it mines coins\"}", 200);
        assertEquals(404, status(POOL));
        assertEquals(404, status(RING_POOL));
        assertEquals(404, status("/acme/shop/packages/" + FILE + "/download"));
        server.settled();
        assertFalse(index("shop/").contains("Package: hello"));
        assertFalse(index("shop/rings/0/").contains("Package: hello"));
        assertEquals(RingChannels.Admission.REFUSED, admitToRing(server.json("/api/repositories/acme/shop/withdrawn")
            .path("withdrawn").path(0).path("sha256").asText()));

        post("/packages/" + FILE + "/release", "", 200);
        server.settled();
        assertTrue(index("shop/").contains("Package: hello"));
        assertTrue(index("shop/rings/0/").contains("Package: hello"));
        assertEquals(302, status(POOL));
    }

    @Test
    void aPackageInQuarantineCannotBeBroughtBackByPushingItAgain() {
        post("/packages/" + FILE + "/quarantine", "{\"why\":\"it mines coins\"}", 200);
        assertEquals(422, server.push("acme/shop", DEB).statusCode());
        assertEquals(422, server.push("acme/shop", DEB, RepositoryServer.BOOKWORM, "?idempotent=true").statusCode());
    }

    @Test
    void aYankKeepsItsReasonAndMayBeRepeated() throws Exception {
        post("/packages/" + FILE + "/yank", "{\"why\":\"wrong branch\"}", 200);
        post("/packages/" + FILE + "/yank", "{\"why\":\"wrong branch\"}", 200);
        server.settled();
        assertFalse(index("shop/").contains("Package: hello"));
        JsonNode withdrawn = server.json("/api/repositories/acme/shop/withdrawn").path("withdrawn").path(0);
        assertEquals("yanked", withdrawn.path("state").asText());
        assertEquals("wrong branch", withdrawn.path("why").asText());
        assertEquals("anna", withdrawn.path("by").asText());
    }

    @Test
    void refusesToWithdrawWithoutAReasonOrWhatIsNotThere() {
        assertEquals("why_missing", post("/packages/" + FILE + "/yank", "{}", 422).path("code").asText());
        assertEquals("unknown_package", post("/packages/debian/bookworm/other_1_amd64.deb/yank",
            "{\"why\":\"x\"}", 404).path("code").asText());
        assertEquals("unknown_distribution", post("/packages/debian/nowhere/hello_1.0-7_amd64.deb/quarantine",
            "{\"why\":\"x\"}", 404).path("code").asText());
    }

    @Test
    void copiesAPackageAndLeavesItWhereItWas() throws Exception {
        server.create("acme", "live");
        post("/packages/" + FILE + "/copy", "{\"destination\":\"acme/live\"}", 201);
        post("/packages/" + FILE + "/copy", "{\"destination\":\"acme/live\"}", 200);
        server.settled();
        assertTrue(index("shop/").contains("Package: hello"));
        assertTrue(index("live/").contains("Package: hello"));
        assertEquals(302, status(POOL.replace("/shop/", "/live/")));
    }

    @Test
    void triesAgainToIndexWhatHasFailed() throws Exception {
        for (String path : List.of("/reindex", "/packages/" + FILE + "/reindex")) {
            server.database.transact(sql -> sql.execute("update package set state = 'failed', failure = 'a test'"));
            server.database.transact(sql -> sql.execute("update admission set failure = 'a test', tries = 3, "
                + "place = null, admitted_generation = null"));
            assertEquals(1, post(path, "", 200).path("queued").asInt());
            server.settled();
            assertTrue(server.json("/api/v1/repos/acme/shop/packages.json").path(0).path("indexed").asBoolean());
        }
    }

    @Test
    void retentionKeepsTheNewestVersionsInThePackageManagersOrderAndWhatARingOffers() {
        for (String version : List.of("1.10-1", "1.9-1", "1.2-1")) {
            server.pushed("acme/shop", TestDeb.of("hello", version, "amd64"));
        }
        server.settled();
        admitToRing();
        server.settled();
        JsonNode rehearsed = put("?dry-run=true");
        assertEquals(List.of("hello_1.2-1_amd64.deb"), names(rehearsed));
        assertEquals(0, server.json("/api/repositories/acme/shop/retention").size());

        put("");
        assertEquals(1, server.feature.applyRetention());
        assertEquals(0, server.feature.applyRetention());
        server.settled();
        assertEquals(List.of("hello_1.9-1_amd64.deb", "hello_1.10-1_amd64.deb", "hello_1.0-7_amd64.deb"),
            StreamSupport.stream(server.json("/api/v1/repos/acme/shop/packages.json").spliterator(), false)
                .map(one -> one.path("filename").asText()).toList());
        assertEquals("retention", server.json("/api/repositories/acme/shop/withdrawn").path("withdrawn").path(0)
            .path("by").asText());

        assertEquals(200, server.send(server.authorized("/api/repositories/acme/shop/retention").DELETE())
            .statusCode());
        assertEquals(0, server.json("/api/repositories/acme/shop/retention").size());
        server.pushed("acme/shop", TestDeb.of("hello", "1.11-1", "amd64"));
        server.settled();
        assertEquals(0, server.feature.applyRetention(), "nothing leaves without a rule");
    }

    @Test
    void refusesARetentionThatKeepsNothing() {
        for (String rule : List.of("{\"keep_versions\":0}", "{\"keep_versions\":-1}", "{}",
            "{\"keep_versions\":2,\"keep_days\":-1}")) {
            HttpResponse<String> answer = server.send(server.authorized("/api/repositories/acme/shop/retention")
                .header("Content-Type", "application/json").PUT(BodyPublishers.ofString(rule)));
            assertEquals(422, answer.statusCode(), rule + answer.body());
        }
        assertEquals(0, server.json("/api/repositories/acme/shop/retention").size());
    }

    private JsonNode put(String query) {
        HttpResponse<String> answer = server.send(server.authorized("/api/repositories/acme/shop/retention" + query)
            .header("Content-Type", "application/json").PUT(BodyPublishers.ofString("{\"keep_versions\":2}")));
        assertEquals(200, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> names(JsonNode retention) {
        return StreamSupport.stream(retention.path("leaving").spliterator(), false)
            .map(one -> one.path("filename").asText()).toList();
    }
}
