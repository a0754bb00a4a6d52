package cambium.acceptance.packagecloud;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import io.packagecloud.maven.wagon.PackagecloudWagon;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
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

/// packagecloud's own Maven wagon, unmodified, from Maven Central, called as `mvn deploy` calls it; and an unmodified
/// Maven that builds with what the wagon has uploaded to a private repository, in both forms of its address. Checksums
/// must fit, also those that the wagon never sent. Maven's plugins come from the folder that this build has.
class MavenWagonTest {
    private static final String PATH = "org/example/thing/";

    private static final String COMPILE = "org.apache.maven.plugins:maven-compiler-plugin:3.14.1:compile";

    @TempDir
    static Path folder;
    private static RunningServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = RunningServer.start(folder.resolve("server"));
        Hosted.createPrivate(server, "acme/java");
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

    @Test
    void mavenBuildsWithWhatTheWagonUploaded() throws Exception {
        var self = server.get("/api/v1/repos/acme/java/master_tokens").get(0).path("paths").path("self").asText();
        var token = server.post(self + "/read_tokens.json", "{\"read_token\":{\"name\":\"builder\"}}").path("value")
                .asText();
        var content = new byte[20_000];
        var wagon = connected(RunningServer.TOKEN);
        wagon.put(Files.write(folder.resolve("part.jar"), content).toFile(), "org/example/part/1.0/part-1.0.jar");
        wagon.put(file("part.pom", project("part", "")), "org/example/part/1.0/part-1.0.pom");
        wagon.disconnect();

        var byPath = maven("path", server.at("/priv/" + token + "/acme/java/maven2").toString(), "none", "[1.0,2)");
        byPath.successful();
        assertArrayEquals(content, Files.readAllBytes(resolved("path")));
        assertTrue(byPath.output().lines().noneMatch(line -> line.matches(".*hecksum.* acme .*")), byPath.output());
        maven("user", server.at("/acme/java/maven2").toString(), token, "1.0").successful();
        assertArrayEquals(content, Files.readAllBytes(resolved("user")));
        var refused = maven("stranger", server.at("/acme/java/maven2").toString(), "f".repeat(48), "1.0");
        assertNotEquals(0, refused.exit());
        assertTrue(refused.output().contains("401"), refused.output());
        assertFalse(Files.exists(resolved("stranger")), "nothing was fetched");
    }

    private static Path resolved(String name) {
        return folder.resolve(name + "/repository/org/example/part/1.0/part-1.0.jar");
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

    private static CommandRun maven(String name, String address, String user, String version) throws Exception {
        Path home = Files.createDirectories(folder.resolve(name));
        Path plugins = Path.of(System.getProperty("localRepository", System.getProperty("user.home")
                + "/.m2/repository"));
        Path settings = Files.writeString(home.resolve("settings.xml"), """
                <settings><localRepository>%s</localRepository>
                <mirrors><mirror><id>ours</id><mirrorOf>central</mirrorOf><url>%s</url></mirror></mirrors>
                <servers><server><id>acme</id><username>%s</username><password>any</password></server></servers>
                </settings>""".formatted(home.resolve("repository"), plugins.toUri(), user));
        Files.writeString(home.resolve("pom.xml"), project("user-of-part", """
                <repositories><repository><id>acme</id><url>%s</url>
                <releases><checksumPolicy>fail</checksumPolicy></releases></repository></repositories>
                <dependencies><dependency><groupId>org.example</groupId><artifactId>part</artifactId>
                <version>%s</version></dependency></dependencies>""".formatted(address, version)));
        return CommandRun.of(List.of("mvn", "-B", "-s", settings.toString(), COMPILE),
                builder -> builder.directory(home.toFile()));
    }

    private static String project(String name, String more) {
        return "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>"
                + "<groupId>org.example</groupId><artifactId>" + name + "</artifactId><version>1.0</version>" + more
                + "</project>";
    }
}
