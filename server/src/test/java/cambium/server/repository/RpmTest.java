package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.PackageFamily;
import cambium.formats.testing.TestRpm;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RpmTest {
    static final String EL9 = "240";
    private static final RepositoryName SHOP = new RepositoryName("acme", "shop");
    private static final KnownSuite SUITE = new KnownSuite(240, "el", "9", PackageFamily.RPM);

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

    private static byte[] rpm(String name, String architecture) {
        return TestRpm.of(name, "1.0", "1.el9", architecture).file("/usr/share/" + name + "/readme", name)
            .change(1_767_225_600, "Anna <anna@example.org> - 1.0-1", "- first").build();
    }

    private byte[] pushed(String name, String architecture) {
        byte[] rpm = rpm(name, architecture);
        var answer = server.push("acme/shop", rpm, EL9, "");
        assertEquals(201, answer.statusCode(), answer.body());
        return rpm;
    }

    private RepodataChecker repodata(String path) {
        return new RepodataChecker(server, "/acme/shop/" + path);
    }

    private List<String> listed(String folder) throws Exception {
        return repodata("el/9/" + folder).check();
    }

    private static String file(String name, String architecture) {
        return name + "-1.0-1.el9." + architecture + ".rpm";
    }

    @Test
    void publishesWhatIsPushedInItsOrder() throws Exception {
        var expected = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            pushed("tool" + i, "x86_64");
            expected.add(file("tool" + i, "x86_64"));
            server.settled();
            assertEquals(expected, listed("x86_64"));
        }
        JsonNode shown = server.json("/api/v1/repos/acme/shop/packages.json").get(0);
        assertEquals("rpm", shown.path("type").textValue());
        assertEquals("el/9", shown.path("distro_version").textValue());
        assertTrue(shown.path("indexed").booleanValue());
    }

    @Test
    void showsNoarchPackagesInEveryFolderButNotAmongSources() throws Exception {
        pushed("docs", "noarch");
        pushed("tool", "x86_64");
        server.settled();
        pushed("tool", "aarch64");
        pushed("more", "noarch");
        pushed("tool", "src");
        server.settled();
        assertEquals(List.of(file("docs", "noarch"), file("tool", "x86_64"), file("more", "noarch")),
            listed("x86_64"));
        assertEquals(List.of(file("docs", "noarch"), file("tool", "aarch64"), file("more", "noarch")),
            listed("aarch64"));
        assertEquals(List.of(file("tool", "src")), listed("SRPMS"));
        assertEquals(302, server.http.get("/acme/shop/el/9/noarch/" + file("docs", "noarch")).statusCode());
        assertEquals(404, server.http.get("/acme/shop/el/9/SRPMS/" + file("docs", "noarch")).statusCode());
        assertEquals(404, server.http.get("/acme/shop/el/9/aarch64/" + file("tool", "x86_64")).statusCode());
    }

    @Test
    void offersOldPersonalComputersTheirFolder() throws Exception {
        pushed("tool", "i686");
        server.settled();
        assertEquals(List.of(file("tool", "i686")), listed("i386"));
    }

    @Test
    void answersSignedEmptyIndexesAsSoonAsTheSuiteExists() throws Exception {
        assertTrue(server.feature.rings().open(SHOP, SUITE, 3));
        server.settled();
        for (String root : List.of("el/9/", "rings/3/el/9/")) {
            assertEquals(List.of(), repodata(root + "x86_64").check());
            assertEquals(List.of(), repodata(root + "SRPMS").check());
        }
        for (String missing : List.of("el/9/aarch64", "el/8/x86_64", "rings/2/el/9/x86_64")) {
            assertEquals(404, server.http.get("/acme/shop/" + missing + "/repodata/repomd.xml").statusCode(), missing);
        }
    }

    @Test
    void dropsWhatIsDeletedAndKeepsOldRootsWhole() throws Exception {
        for (String name : List.of("aa", "bb", "cc")) {
            pushed(name, "x86_64");
            server.settled();
        }
        String old = server.http.get("/acme/shop/el/9/x86_64/repodata/repomd.xml").body();
        server.delete("acme/shop/el/9/" + file("bb", "x86_64"));
        server.settled();
        assertEquals(List.of(file("aa", "x86_64"), file("cc", "x86_64")), listed("x86_64"));
        assertEquals(List.of(file("aa", "x86_64"), file("bb", "x86_64"), file("cc", "x86_64")),
            repodata("el/9/x86_64").check(old), "a client that is under way can finish");
        pushed("bb", "x86_64");
        server.settled();
        assertEquals(file("bb", "x86_64"), listed("x86_64").getLast());
    }

    @Test
    void signsOnlyFoldersThatChange() {
        pushed("tool", "x86_64");
        server.settled();
        String sources = server.http.get("/acme/shop/el/9/SRPMS/repodata/repomd.xml.asc").body();
        String binaries = server.http.get("/acme/shop/el/9/x86_64/repodata/repomd.xml.asc").body();
        pushed("more", "x86_64");
        server.settled();
        assertEquals(sources, server.http.get("/acme/shop/el/9/SRPMS/repodata/repomd.xml.asc").body());
        assertNotEquals(binaries, server.http.get("/acme/shop/el/9/x86_64/repodata/repomd.xml.asc").body());
    }

    @Test
    void ringsHoldWhatTheyWereGiven() throws Exception {
        String aa = ClosureChecker.sha256(pushed("aa", "x86_64"));
        String bb = ClosureChecker.sha256(pushed("bb", "noarch"));
        RingChannels rings = server.feature.rings();
        rings.admit(SHOP, SUITE, 0, List.of(bb, aa));
        rings.admit(SHOP, SUITE, 1, List.of(bb));
        server.settled();
        assertEquals(RingChannels.Admission.PUBLISHED, rings.admit(SHOP, SUITE, 0, List.of(bb, aa)));
        assertEquals(List.of(file("bb", "noarch"), file("aa", "x86_64")), repodata("rings/0/el/9/x86_64").check());
        assertEquals(List.of(file("bb", "noarch")), repodata("rings/1/el/9/x86_64").check());
        assertEquals(404, server.http.get("/acme/shop/rings/1/el/9/x86_64/" + file("aa", "x86_64")).statusCode());
        server.delete("acme/shop/el/9/" + file("bb", "noarch"));
        server.settled();
        assertEquals(List.of(file("aa", "x86_64")), repodata("rings/0/el/9/x86_64").check());
        assertEquals(List.of(), repodata("rings/1/el/9/x86_64").check());
        assertEquals("el/9/x86_64/" + file("aa", "x86_64"), rings.find(SHOP, SUITE, "aa", "1.0").getFirst().suite()
            .distribution() + "/" + rings.find(SHOP, SUITE, "aa", "1.0-1.el9").getFirst().poolPath());
    }

    @Test
    void refusesWhatIsNoRpmAndWhatBelongsElsewhere() {
        byte[] broken = rpm("tool", "x86_64");
        broken[broken.length / 2] ^= 1;
        assertEquals(422, server.push("acme/shop", broken, EL9, "").statusCode());
        assertEquals(422, server.push("acme/shop", "no rpm".getBytes(StandardCharsets.UTF_8), EL9, "").statusCode());
        var elsewhere = server.push("acme/shop", rpm("tool", "x86_64"), RepositoryServer.BOOKWORM, "");
        assertEquals(422, elsewhere.statusCode());
        assertTrue(elsewhere.body().contains("is not a distribution for rpm packages"), elsewhere.body());
    }

    @Test
    void dnfSeesAndFetchesWhatWasPushed() throws Exception {
        byte[] tool = pushed("tool", "x86_64");
        pushed("docs", "noarch");
        server.settled();
        String base = server.http.uri("/acme/shop/").toString();
        var dnf = new PrivateDnf(data.resolve("dnf"), base + "el/9/$basearch", base + "gpgkey");
        assertEquals(List.of("docs-1.0-1.el9.noarch", "tool-1.0-1.el9.x86_64"), dnf.packagesSeen());
        pushed("later", "x86_64");
        server.settled();
        assertEquals(3, dnf.packagesSeen().size());
        assertTrue(dnf.run("repoquery", "--quiet", "--whatprovides", "/usr/share/tool/readme").contains("tool-"));
        dnf.run("install", "--downloadonly", "--downloaddir=" + data.resolve("dnf/download"), "tool");
        assertArrayEquals(tool, Files.readAllBytes(data.resolve("dnf/download").resolve(file("tool", "x86_64"))));
    }
}
