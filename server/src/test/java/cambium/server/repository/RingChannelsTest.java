package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.PackageFamily;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RingChannelsTest {
    private static final RepositoryName SHOP = new RepositoryName("acme", "shop");
    private static final KnownSuite BOOKWORM = new KnownSuite(215, "debian", "bookworm", PackageFamily.APT);

    @TempDir
    Path data;

    private RepositoryServer server;
    private RingChannels rings;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data);
        server.create("acme", "shop");
        rings = server.feature.rings();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String pushed(String name) {
        byte[] deb = TestDeb.of(name, "1", "amd64");
        server.pushed("acme/shop", deb);
        return ClosureChecker.sha256(deb);
    }

    private List<String> ring(int number) throws Exception {
        server.settled();
        return new ClosureChecker(server, "/acme/shop/rings/" + number + "/debian").check("bookworm", "amd64");
    }

    private RingChannels.Admission admit(int ring, String... sha256s) {
        return rings.admit(SHOP, BOOKWORM, ring, List.of(sha256s));
    }

    @Test
    void answersASignedEmptyIndexAsSoonAsTheRingExists() throws Exception {
        assertTrue(rings.open(SHOP, BOOKWORM, 3));
        assertTrue(rings.open(SHOP, BOOKWORM, 3), "again");
        assertEquals(List.of(), ring(3));
        assertEquals(404, server.http.get("/acme/shop/rings/2/debian/dists/bookworm/InRelease").statusCode());
        assertEquals(404, server.http.get("/acme/shop/rings/-1/debian/dists/bookworm/InRelease").statusCode());
        assertEquals(404, server.http.get("/acme/shop/rings/3/debian/dists/trixie/InRelease").statusCode());
        assertFalse(rings.open(new RepositoryName("acme", "none"), BOOKWORM, 0));
    }

    @Test
    void holdsOnlyWhatWasAdmittedInThatOrder() throws Exception {
        String aa = pushed("aa");
        String bb = pushed("bb");
        String cc = pushed("cc");
        assertEquals(RingChannels.Admission.UNDER_WAY, admit(0, cc));
        server.settled();
        assertEquals(RingChannels.Admission.PUBLISHED, admit(0, cc));
        admit(0, aa, cc);
        assertEquals(List.of("cc_1_amd64.deb", "aa_1_amd64.deb"), ring(0));
        admit(1, aa);
        assertEquals(List.of("aa_1_amd64.deb"), ring(1));
        String pool = "/debian/pool/bookworm/main/b/bb/bb_1_amd64.deb";
        assertEquals(302, server.http.get("/acme/shop" + pool).statusCode());
        assertEquals(404, server.http.get("/acme/shop/rings/0" + pool).statusCode());
        assertEquals(RingChannels.Admission.REFUSED, admit(0, "0".repeat(64)));
        assertEquals(RingChannels.Admission.UNDER_WAY, admit(0, aa, bb));
        assertEquals(List.of("cc_1_amd64.deb", "aa_1_amd64.deb", "bb_1_amd64.deb"), ring(0));
    }

    @Test
    void losesAWithdrawnPackageInEveryRing() throws Exception {
        String aa = pushed("aa");
        String bb = pushed("bb");
        for (int ring = 0; ring < 3; ring++) {
            admit(ring, aa, bb);
        }
        assertEquals(2, ring(2).size());
        assertTrue(rings.isOffered(SHOP, BOOKWORM, aa));
        server.delete("acme/shop/debian/bookworm/aa_1_amd64.deb");
        for (int ring = 0; ring < 3; ring++) {
            assertEquals(List.of("bb_1_amd64.deb"), ring(ring));
        }
        assertFalse(rings.isOffered(SHOP, BOOKWORM, aa));
        assertEquals(RingChannels.Admission.REFUSED, admit(0, aa));
        pushed("aa");
        server.settled();
        assertEquals(List.of("bb_1_amd64.deb"), ring(0), "coming back to the suite is not coming back to a ring");
    }

    @Test
    void sharesEqualChunks() throws Exception {
        String aa = pushed("aa");
        String bb = pushed("bb");
        server.settled();
        long packs = server.count("select count(distinct pack_sha256) from chunk_in_view");
        for (int ring = 0; ring < 5; ring++) {
            admit(ring, aa, bb);
        }
        server.settled();
        long shared = server.count("select count(distinct pack_sha256) from chunk_in_view");
        assertTrue(shared <= packs + 1, packs + " packs became " + shared);
        var sums = new TreeMap<String, Integer>();
        for (int ring = 0; ring < 5; ring++) {
            sums.merge(ClosureChecker.sha256(server.bytes(
                "/acme/shop/rings/" + ring + "/debian/dists/bookworm/main/binary-amd64/Packages").body()), 1,
                Integer::sum);
        }
        assertEquals(List.of(5), List.copyOf(sums.values()));
    }
}
