package cambium.acceptance.packagecloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.OneServerForAll;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import io.packagecloud.client.Client;
import io.packagecloud.client.Connection;
import io.packagecloud.client.Credentials;
import io.packagecloud.client.Package;
import io.packagecloud.client.PackageCloud;
import io.packagecloud.client.ServerErrorException;
import io.packagecloud.client.UnauthorizedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// packagecloud's own Java client, unmodified, from Maven Central.
class JavaClientTest extends OneServerForAll {
    @Test
    void readsTheDistributionsAndPushesOnce() throws Exception {
        var shop = Hosted.create(server, "acme/java-client");
        var client = client(RunningServer.TOKEN);
        var bookworm = client.getDistributions().deb.stream().filter(line -> line.indexName.equals("debian"))
                .flatMap(line -> line.versions.stream()).filter(release -> "bookworm".equals(release.indexName))
                .findFirst().orElseThrow();
        assertEquals(Integer.parseInt(Hosted.BOOKWORM), bookworm.id);

        var deb = DebBuilder.of("from-java", "1.0-1");
        var file = deb.build(folder).toFile();
        assertTrue(client.putPackage(Package.fromFile(file, "java-client", bookworm.id)));
        assertEquals(Set.of(deb.fileName()), shop.fileNames());

        var again = assertThrows(ServerErrorException.class,
                () -> client.putPackage(Package.fromFile(file, "java-client", bookworm.id)));
        assertTrue(again.getMessage().contains("{\"filename\":[\"has already been taken\"]}"), again.getMessage());
        assertEquals(1, shop.packages().size());
    }

    @Test
    void pushesASourcePackageWithItsFiles() throws Exception {
        var shop = Hosted.create(server, "acme/java-sources");
        var client = client(RunningServer.TOKEN);
        var parts = new TreeMap<String, byte[]>();
        parts.put("greet_1.0.orig.tar.gz", "the source".getBytes(UTF_8));
        parts.put("greet_1.0-1.debian.tar.xz", "the packaging".getBytes(UTF_8));
        byte[] dsc = dsc(parts).getBytes(UTF_8);
        var bookworm = Integer.valueOf(Hosted.BOOKWORM);

        var contents = client.packageContents(new Package("greet_1.0-1.dsc", dsc, "java-sources", bookworm));
        assertEquals(parts.keySet(), contents.files.stream().map(file -> file.filename)
                .collect(Collectors.toCollection(TreeSet::new)));
        var sources = new TreeMap<String, InputStream>();
        for (var file : contents.files) {
            assertEquals(parts.get(file.filename).length, file.size);
            assertEquals(hex("MD5", parts.get(file.filename)), file.md5sum);
            sources.put(file.filename, new ByteArrayInputStream(parts.get(file.filename)));
        }
        assertTrue(client.putPackage(new Package("greet_1.0-1.dsc", dsc, "java-sources", bookworm, sources)));
        assertEquals(Set.of("greet_1.0-1.dsc"), shop.fileNames());
        assertEquals("dsc", shop.packages().getFirst().get("type").asText());
        shop.awaitIndexed();
        var index = server.send(HttpRequest.newBuilder(
                server.at("/acme/java-sources/debian/dists/bookworm/main/source/Sources")).build()).body();
        parts.keySet().forEach(name -> assertTrue(index.contains(name), index));
    }

    @Test
    void pushesAnRpm() throws Exception {
        var shop = Hosted.create(server, "acme/java-rpms");
        var client = client(RunningServer.TOKEN);
        var el9 = client.getDistributions().rpm.stream().filter(line -> line.indexName.equals("el"))
                .flatMap(line -> line.versions.stream()).filter(release -> "9".equals(release.indexName))
                .findFirst().orElseThrow();
        var file = rpm().toFile();
        assertTrue(client.putPackage(Package.fromFile(file, "java-rpms", el9.id)));
        assertEquals(Set.of("from-java-1.0-1.noarch.rpm"), shop.fileNames());
        shop.awaitIndexed();
        var again = assertThrows(ServerErrorException.class,
                () -> client.putPackage(Package.fromFile(file, "java-rpms", el9.id)));
        assertTrue(again.getMessage().contains("{\"filename\":[\"has already been taken\"]}"), again.getMessage());
    }

    private static Path rpm() throws IOException {
        var spec = Files.writeString(folder.resolve("from-java.spec"), """
                Name: from-java
                Version: 1.0
                Release: 1
                Summary: a package of the acceptance tests
                License: MIT
                BuildArch: noarch
                %description
                It holds nothing.
                %files
                """);
        var top = folder.resolve("rpmbuild");
        CommandRun.of("rpmbuild", "-bb", "--define", "_topdir " + top, spec.toString()).successful();
        return top.resolve("RPMS/noarch/from-java-1.0-1.noarch.rpm");
    }

    private static String dsc(Map<String, byte[]> parts) throws Exception {
        var text = new StringBuilder("Format: 3.0 (quilt)\nSource: greet\nBinary: greet\nArchitecture: any\n"
                + "Version: 1.0-1\nMaintainer: Acme <acme@example.com>\n");
        for (var list : List.of(List.of("Checksums-Sha256", "SHA-256"), List.of("Files", "MD5"))) {
            text.append(list.get(0)).append(":\n");
            for (var part : parts.entrySet()) {
                text.append(' ').append(hex(list.get(1), part.getValue())).append(' ').append(part.getValue().length)
                        .append(' ').append(part.getKey()).append('\n');
            }
        }
        return text.toString();
    }

    private static String hex(String algorithm, byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    @Test
    void isToldThatItsTokenIsWrong() throws Exception {
        var client = client("f".repeat(48));
        var file = DebBuilder.of("from-nobody", "1").build(folder).toFile();
        assertThrows(UnauthorizedException.class,
                () -> client.putPackage(Package.fromFile(file, "java-client", Integer.parseInt(Hosted.BOOKWORM))));
    }

    private static PackageCloud client(String token) {
        var connection = new Connection(server.address().getHost(), server.address().getPort(), "http");
        return new PackageCloud(new Client(new Credentials("acme", token), connection));
    }
}
