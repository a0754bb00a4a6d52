package cambium.acceptance.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.durability.Shelf;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Broken and hostile packages, pushed to the packaged server: each is refused, and nothing of it stays.
class HostilePackagesTest {
    private static final String GOOD = "Package: good\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.com>\n"
            + "Description: good\n";

    @TempDir
    static Path folder;
    private static RunningServer server;
    private static Hosted shop;

    @BeforeAll
    static void startServer() throws IOException {
        server = RunningServer.start(folder.resolve("server"));
        shop = Hosted.create(server, "acme/hostile");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void storesNothingOfAPackageThatIsBroken() throws Exception {
        var good = Files.readAllBytes(DebBuilder.of("whole", "1").build(folder));
        shop.pushed(DebBuilder.of("whole", "1").build(folder));
        shop.awaitIndexed();
        var shelf = new Shelf(server.data());
        var before = shelf.blobs();
        for (var row : broken(good).entrySet()) {
            var answer = shop.push(row.getValue());
            assertRefused(row.getKey(), answer);
        }
        assertEquals(Set.of("whole_1_all.deb"), shop.fileNames());
        assertEquals(before, shelf.blobs());
        Await.until("nothing half-received is left", () -> shelf.incoming().isEmpty());
    }

    @Test
    void storesNothingOfAPackageWhoseFieldsAreHostile() throws Exception {
        var shelf = new Shelf(server.data());
        var before = shelf.blobs();
        var names = shop.fileNames();
        for (var row : hostileFields().entrySet()) {
            var answer = shop.push(withControl(row.getValue()));
            assertRefused(row.getKey(), answer);
        }
        assertEquals(names, shop.fileNames());
        assertEquals(before, shelf.blobs());
        Await.until("nothing half-received is left", () -> shelf.incoming().isEmpty());
    }

    @Test
    void refusesFormsWithoutAFileOrWithAnUnknownDistribution() throws Exception {
        var names = shop.fileNames();
        var good = Files.readAllBytes(DebBuilder.of("homeless", "1").build(folder));
        var text = new String(Hosted.form(good), ISO_8859_1);
        for (var body : new String[] {text.replace("package[package_file]", "package[something]"),
            text.replace("\r\n\r\n" + Hosted.BOOKWORM + "\r\n", "\r\n\r\n99999\r\n"),
            text.replace("\r\n\r\n" + Hosted.BOOKWORM + "\r\n", "\r\n\r\n27\r\n")}) {
            var request = shop.pushRequest(new byte[0])
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(ISO_8859_1))).build();
            assertRefused("form", server.send(request));
        }
        assertEquals(names, shop.fileNames());
    }

    private static void assertRefused(String row, HttpResponse<String> answer) {
        assertEquals(422, answer.statusCode(), row + ": " + answer.body());
        assertTrue(answer.body().matches("\\{\"[a-z_]+\":\\[\".*\"\\].*\\}"), row + ": " + answer.body());
        assertTrue(answer.headers().firstValue("X-Cambium-Code").isPresent(), row);
        assertFalse(answer.body().contains("Exception") || answer.body().contains("\tat "), row + answer.body());
    }

    private static Map<String, byte[]> broken(byte[] good) {
        var rows = new LinkedHashMap<String, byte[]>();
        rows.put("empty", new byte[0]);
        rows.put("no archive", "hello".getBytes(ISO_8859_1));
        rows.put("half", Arrays.copyOf(good, good.length / 2));
        rows.put("all but one byte", Arrays.copyOf(good, good.length - 1));
        var more = Arrays.copyOf(good, good.length + 64);
        rows.put("trailing bytes", more);
        var text = new String(good, ISO_8859_1);
        rows.put("thin archive", text.replaceFirst("!<arch>", "!<thin>").getBytes(ISO_8859_1));
        rows.put("unknown format", text.replaceFirst("\n2\\.0\n", "\n3.0\n").getBytes(ISO_8859_1));
        rows.put("no debian-binary", text.replaceFirst("debian-binary", "debian-banary").getBytes(ISO_8859_1));
        rows.put("unknown compression", text.replaceFirst("control\\.tar\\.xz", "control.tar.qz").getBytes(ISO_8859_1));
        rows.put("a lying member size", text.replaceFirst("100644  4         ", "100644  99999999  ")
                .getBytes(ISO_8859_1));
        var flipped = good.clone();
        flipped[200] ^= 0x55;
        rows.put("a flipped byte", flipped);
        return rows;
    }

    private static Map<String, String> hostileFields() {
        var rows = new LinkedHashMap<String, String>();
        rows.put("a name that climbs", GOOD.replace("Package: good", "Package: ../../etc"));
        rows.put("an upper-case name", GOOD.replace("Package: good", "Package: GOOD"));
        rows.put("no version", GOOD.replace("Version: 1\n", ""));
        rows.put("a version of three parts", GOOD.replace("Version: 1", "Version: 1:2:3"));
        rows.put("a version that climbs", GOOD.replace("Version: 1", "Version: 1/../../x"));
        rows.put("an architecture that climbs", GOOD.replace("Architecture: all", "Architecture: all/.."));
        rows.put("a doubled field", GOOD + "Version: 2\n");
        rows.put("a second stanza", GOOD + "\nPackage: stowaway\nVersion: 1\nFilename: pool/evil.deb\n");
        rows.put("a bare CR", GOOD + "Homepage: a\rFilename: pool/evil.deb\n");
        rows.put("a bomb", GOOD + " " + "a".repeat(40 << 20) + "\n");
        return rows;
    }

    /// A real package with any control file, which dpkg-deb is told not to look at.
    private static byte[] withControl(String control) throws IOException {
        var tree = Files.createTempDirectory(folder, "hostile-");
        Files.createDirectories(tree.resolve("DEBIAN"));
        Files.writeString(tree.resolve("DEBIAN/control"), control);
        CommandRun.of("chmod", "-R", "u=rwX,go=rX", tree.toString()).successful();
        var deb = tree.resolveSibling(tree.getFileName() + ".file");
        CommandRun.of("dpkg-deb", "--nocheck", "--root-owner-group", "-Zgzip", "--build", tree.toString(),
                deb.toString()).successful();
        return Files.readAllBytes(deb);
    }
}
