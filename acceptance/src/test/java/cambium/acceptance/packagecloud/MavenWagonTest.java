package cambium.acceptance.packagecloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import io.packagecloud.maven.wagon.PackagecloudWagon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.maven.wagon.ResourceDoesNotExistException;
import org.apache.maven.wagon.TransferFailedException;
import org.apache.maven.wagon.authentication.AuthenticationInfo;
import org.apache.maven.wagon.authorization.AuthorizationException;
import org.apache.maven.wagon.repository.Repository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// packagecloud's own Maven wagon, unmodified, from Maven Central, called as `mvn deploy` calls it.
class MavenWagonTest {
    private static final String PATH = "org/example/thing/";

    @TempDir
    static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = RunningServer.start(folder.resolve("server"));
        Hosted.create(server, "acme/java");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void deploysAJarAndFetchesItBack() throws Exception {
        var jar = folder.resolve("thing-1.0.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("thing.txt"));
            out.write(new byte[50_000]);
        }
        var wagon = connected(RunningServer.TOKEN);
        var metadata = folder.resolve("maven-metadata.xml");
        assertThrows(ResourceDoesNotExistException.class,
                () -> wagon.get(PATH + "maven-metadata.xml", metadata.toFile()));

        wagon.put(jar.toFile(), PATH + "1.0/thing-1.0.jar");
        wagon.put(file("sha1", sha1(Files.readAllBytes(jar))), PATH + "1.0/thing-1.0.jar.sha1");
        wagon.put(file("pom", "<project/>"), PATH + "1.0/thing-1.0.pom");
        wagon.put(file("metadata", "<metadata/>"), PATH + "maven-metadata.xml");

        var back = folder.resolve("back.jar");
        wagon.get(PATH + "1.0/thing-1.0.jar", back.toFile());
        assertArrayEquals(Files.readAllBytes(jar), Files.readAllBytes(back));
        wagon.get(PATH + "maven-metadata.xml", metadata.toFile());
        assertTrue(Files.readString(metadata).contains("<release>1.0</release>"), Files.readString(metadata));
        var digest = folder.resolve("metadata.sha1");
        wagon.get(PATH + "maven-metadata.xml.sha1", digest.toFile());
        assertEquals(sha1(Files.readAllBytes(metadata)), Files.readString(digest));
        wagon.disconnect();
    }

    @Test
    void isToldThatAPathIsTakenAndThatATokenIsWrong() throws Exception {
        var wagon = connected(RunningServer.TOKEN);
        var first = file("first", "first");
        wagon.put(first, PATH + "2.0/thing-2.0.jar");
        var taken = assertThrows(TransferFailedException.class, () -> wagon.put(first, PATH + "2.0/thing-2.0.jar"));
        assertTrue(taken.getMessage().contains("has already been taken"), taken.getMessage());
        assertThrows(AuthorizationException.class,
                () -> connected("f".repeat(48)).put(first, PATH + "3.0/thing-3.0.jar"));
    }

    private static PackagecloudWagon connected(String token) throws Exception {
        var wagon = new PackagecloudWagon();
        var login = new AuthenticationInfo();
        login.setPassword(token);
        wagon.connect(new Repository("acme", "packagecloud+" + server.at("/acme/java")), login);
        return wagon;
    }

    private static java.io.File file(String name, String content) throws Exception {
        return Files.write(folder.resolve(name), content.getBytes(UTF_8)).toFile();
    }

    private static String sha1(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    }
}
