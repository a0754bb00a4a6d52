package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.PackageFamily;
import cambium.formats.testing.TestRpm;
import cambium.server.blob.BlobId;
import cambium.server.testing.Eventually;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The raw bytes of an index are a function of the log of admissions (P-12), and equal to a rebuild from it (P-13).
final class RebuildTest {
    private static final long SEED = 4711;
    private static final Pattern INDEX = Pattern.compile("href=\"(repodata/[0-9a-f]{64}-[a-z]+\\.xml\\.gz)\"");

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

    private static byte[] rpm(int number, String architecture) {
        return TestRpm.of("pkg" + number, "1", "1", architecture).file("/usr/share/pkg" + number, "x").build();
    }

    private void pushRpm(int number, String architecture) {
        assertEquals(201, server.push("acme/shop", rpm(number, architecture), RpmTest.EL9, "").statusCode());
    }

    /// Pushes and deletes at random, in many generations, some of it admitted to a ring.
    private void history() {
        var random = new Random(SEED);
        var rings = server.feature.rings();
        var shop = new RepositoryName("acme", "shop");
        for (int i = 0; i < 24; i++) {
            String deb = i % 4 == 0 ? "all" : i % 5 == 0 ? "arm64" : "amd64";
            String rpm = i % 4 == 0 ? "noarch" : i % 5 == 0 ? "src" : "x86_64";
            byte[] file = TestDeb.of("pkg" + i, "1", deb);
            server.pushed("acme/shop", file);
            pushRpm(i, rpm);
            if (random.nextInt(3) == 0) {
                server.settled();
            }
            if (i % 6 == 5) {
                server.delete("acme/shop/debian/bookworm/pkg" + i + "_1_" + deb + ".deb");
                server.delete("acme/shop/el/9/pkg" + i + "-1-1." + rpm + ".rpm");
            } else if (i % 2 == 0) {
                rings.admit(shop, new KnownSuite(215, "debian", "bookworm", PackageFamily.APT), 1,
                    List.of(ClosureChecker.sha256(file)));
            }
        }
        server.settled();
    }

    /// Every raw index by its address.
    private TreeMap<String, byte[]> served() throws Exception {
        var raw = new TreeMap<String, byte[]>();
        for (String dists : List.of("debian/dists/bookworm/", "rings/1/debian/dists/bookworm/")) {
            for (String architecture : List.of("amd64", "arm64")) {
                String path = "/acme/shop/" + dists + "main/binary-" + architecture + "/Packages";
                var answer = server.bytes(path);
                raw.put(path, answer.statusCode() == 200 ? answer.body() : new byte[0]);
            }
        }
        for (String folder : List.of("x86_64", "SRPMS")) {
            String path = "/acme/shop/el/9/" + folder + "/";
            var indexes = INDEX.matcher(server.http.get(path + "repodata/repomd.xml").body());
            while (indexes.find()) {
                byte[] gz = server.bytes(path + indexes.group(1)).body();
                raw.put(path + indexes.group(1).replaceAll("[0-9a-f]{64}", ""),
                    new GZIPInputStream(new ByteArrayInputStream(gz)).readAllBytes());
            }
        }
        return raw;
    }

    private List<JsonNode> rebuilt() {
        assertEquals(202, server.http.send(server.authorized("/api/repositories/acme/shop/rebuild")
            .POST(java.net.http.HttpRequest.BodyPublishers.noBody()).build()).statusCode());
        Eventually.holds("everything is made again",
            () -> server.count("select count(*) from channel_rebuild where done_at is null") == 0);
        var channels = new ArrayList<JsonNode>();
        server.json("/api/repositories/acme/shop/rebuild").path("channels").forEach(channels::add);
        return channels;
    }

    private void check() throws Exception {
        new ClosureChecker(server, "/acme/shop/debian").check("bookworm", "amd64");
        new ClosureChecker(server, "/acme/shop/rings/1/debian").check("bookworm", "amd64");
        new RepodataChecker(server, "/acme/shop/el/9/x86_64").check();
        new RepodataChecker(server, "/acme/shop/el/9/SRPMS").check();
    }

    @Test
    void makesTheSameRawBytesFromTheLogAlone() throws Exception {
        history();
        TreeMap<String, byte[]> before = served();
        assertTrue(before.size() >= 10, before.keySet().toString());
        long generations = server.count("select sum(generation) from channel");
        List<JsonNode> channels = rebuilt();
        assertEquals(List.of("debian/bookworm", "debian/bookworm", "el/9"),
            channels.stream().map(one -> one.path("suite").textValue()).toList());
        for (JsonNode channel : channels) {
            assertTrue(channel.path("differing").isEmpty() && channel.path("views").intValue() > 0, channel.toString());
            assertTrue(channel.path("failure").isNull(), channel.toString());
        }
        assertEquals(generations + 3, server.count("select sum(generation) from channel"));
        TreeMap<String, byte[]> after = served();
        assertEquals(before.keySet(), after.keySet());
        before.forEach((path, bytes) -> assertArrayEquals(bytes, after.get(path), path));
        check();
        server.pushed("acme/shop", TestDeb.of("later", "1", "amd64"));
        pushRpm(99, "x86_64");
        server.settled();
        check();
    }

    @Test
    void mendsWhatIsServedWrongAndSaysSo() throws Exception {
        history();
        TreeMap<String, byte[]> before = served();
        String pack = server.database.read(sql -> sql.fetchSingle("""
            select c.pack_sha256 from chunk_in_view c join index_view v on v.id = c.view_id
            where v.kind = 'primary' and v.architecture = 'x86_64' and c.to_generation is null
            order by c.position limit 1""").get(0, String.class));
        server.blobs.delete(new BlobId(pack));
        List<JsonNode> channels = rebuilt();
        assertEquals("[\"primary/x86_64\"]", channels.getLast().path("differing").toString());
        TreeMap<String, byte[]> after = served();
        before.forEach((path, bytes) -> assertArrayEquals(bytes, after.get(path), path));
        check();
    }

    @Test
    void aDamagedEntryStopsTheRebuildButNotTheRepository() throws Exception {
        pushRpm(1, "x86_64");
        server.settled();
        server.database.transact(sql -> sql.execute(
            "update package_entry set entry = ? where kind = 'other'", (Object) "no end".getBytes(
                StandardCharsets.UTF_8)));
        JsonNode channel = rebuilt().getFirst();
        assertEquals("an entry of the log cannot be indexed", channel.path("failure").textValue());
        new RepodataChecker(server, "/acme/shop/el/9/x86_64").check();
        pushRpm(2, "x86_64");
        server.settled();
        assertEquals(2, new RepodataChecker(server, "/acme/shop/el/9/x86_64").check().size());
        assertNotEquals(0, server.count("select count(*) from channel_rebuild where failure is not null"));
    }
}
