package cambium.acceptance.packagecloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import io.packagecloud.client.Client;
import io.packagecloud.client.Connection;
import io.packagecloud.client.Credentials;
import io.packagecloud.client.Package;
import io.packagecloud.client.PackageCloud;
import io.packagecloud.client.ServerErrorException;
import io.packagecloud.client.UnauthorizedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// packagecloud's own Java client, unmodified, from Maven Central.
class JavaClientTest {
    @TempDir
    static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void startServer() throws IOException {
        server = RunningServer.start(folder.resolve("server"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

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
