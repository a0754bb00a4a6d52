package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublishTest {
    @TempDir
    Path data;

    private RepositoryServer server;
    private ClosureChecker closure;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data);
        server.create("acme", "shop");
        closure = new ClosureChecker(server, "/acme/shop/debian");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void publishesWhatIsPushedInItsOrder() throws Exception {
        var expected = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            server.pushed("acme/shop", TestDeb.of("hello" + i, "1.0-" + i, "amd64"));
            expected.add("hello" + i + "_1.0-" + i + "_amd64.deb");
            server.settled();
            assertEquals(expected, closure.check("bookworm", "amd64"));
        }
        assertTrue(server.json("/api/v1/repos/acme/shop/packages.json").get(0).get("indexed").booleanValue());
    }

    @Test
    void putsPackagesForAllIntoEveryArchitecture() throws Exception {
        server.pushed("acme/shop", TestDeb.of("docs", "1", "all"));
        server.pushed("acme/shop", TestDeb.of("tool", "1", "amd64"));
        server.settled();
        server.pushed("acme/shop", TestDeb.of("tool", "1", "arm64"));
        server.pushed("acme/shop", TestDeb.of("more", "1", "all"));
        server.settled();
        assertEquals(List.of("docs_1_all.deb", "tool_1_amd64.deb", "more_1_all.deb"),
            closure.check("bookworm", "amd64"));
        assertEquals(List.of("docs_1_all.deb", "tool_1_arm64.deb", "more_1_all.deb"),
            closure.check("bookworm", "arm64"));
    }

    @Test
    void dropsWhatIsDeleted() throws Exception {
        for (String name : List.of("aa", "bb", "cc", "dd", "ee")) {
            server.pushed("acme/shop", TestDeb.of(name, "1", "amd64"));
            server.settled();
        }
        var answer = server.send(server.authorized("/api/v1/repos/acme/shop/debian/bookworm/bb_1_amd64.deb").DELETE());
        assertEquals(200, answer.statusCode());
        assertEquals("{}", answer.body());
        server.settled();
        assertEquals(List.of("aa_1_amd64.deb", "cc_1_amd64.deb", "dd_1_amd64.deb", "ee_1_amd64.deb"),
            closure.check("bookworm", "amd64"));
        assertFalse(server.get("/api/v1/repos/acme/shop/packages.json").body().contains("bb_1"));
        server.pushed("acme/shop", TestDeb.of("bb", "1", "amd64"));
        server.settled();
        assertEquals("bb_1_amd64.deb", closure.check("bookworm", "amd64").getLast());
    }

    @Test
    void servesAnEmptyIndexAfterTheLastPackageIsGone() throws Exception {
        server.pushed("acme/shop", TestDeb.of("aa", "1", "amd64"));
        server.settled();
        server.send(server.authorized("/api/v1/repos/acme/shop/debian/bookworm/aa_1_amd64.deb").DELETE());
        server.settled();
        assertEquals(List.of(), closure.check("bookworm", "amd64"));
    }

    @Test
    void keepsOlderGenerationsReachableByHash() throws Exception {
        var hashes = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            server.pushed("acme/shop", TestDeb.of("pkg" + i, "1", "amd64"));
            server.settled();
            String release = server.http.get("/acme/shop/debian/dists/bookworm/Release").body();
            hashes.add(release.lines().filter(line -> line.endsWith("Packages.xz")).findFirst().orElseThrow()
                .strip().split(" ")[0]);
        }
        for (String hash : hashes) {
            byte[] body = server.bytes("/acme/shop/debian/dists/bookworm/main/binary-amd64/by-hash/SHA256/" + hash)
                .body();
            assertEquals(hash, ClosureChecker.sha256(body));
        }
    }

    @Test
    void answersRangesOfAVirtualIndex() throws Exception {
        for (int i = 0; i < 7; i++) {
            server.pushed("acme/shop", TestDeb.of("pkg" + i, "1", "amd64"));
            server.settled();
        }
        String path = "/acme/shop/debian/dists/bookworm/main/binary-amd64/Packages.gz";
        byte[] whole = server.bytes(path).body();
        var joined = new java.io.ByteArrayOutputStream();
        for (int from = 0; from < whole.length; from += 100) {
            int last = Math.min(from + 99, whole.length - 1);
            var part = server.bytes(server.http.request(path, "Range", "bytes=" + from + "-" + last));
            assertEquals(206, part.statusCode());
            joined.writeBytes(part.body());
        }
        org.junit.jupiter.api.Assertions.assertArrayEquals(whole, joined.toByteArray());
        String tag = server.bytes(path).headers().firstValue("ETag").orElseThrow();
        assertEquals("\"" + ClosureChecker.sha256(whole) + "\"", tag);
        assertEquals(304, server.bytes(server.http.request(path, "If-None-Match", tag)).statusCode());
    }

    @Test
    void unknownPlacesAreNotFound() {
        server.pushed("acme/shop", TestDeb.of("aa", "1", "amd64"));
        server.settled();
        for (String path : List.of("dists/sid/InRelease", "dists/bookworm/Contents-amd64.gz",
            "dists/bookworm/main/binary-s390x/Packages.gz", "dists/bookworm/contrib/binary-amd64/Packages",
            "dists/bookworm/main/binary-amd64/by-hash/SHA256/" + "0".repeat(64), "pool/bookworm/main/a/aa/none.deb")) {
            assertEquals(404, server.http.get("/acme/shop/debian/" + path).statusCode(), path);
        }
        assertEquals(404, server.http.get("/acme/shop/ubuntu/dists/bookworm/InRelease").statusCode());
        assertEquals(404, server.http.get("/acme/shop/rings/0/debian/dists/bookworm/InRelease").statusCode());
    }
}
