package cambium.acceptance.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./cambium` and `./dev` on machines that are set up in other ways than this one.
class LauncherTest {
    @TempDir
    Path folder;

    @Test
    void saysInOneLineThatAJdkIsMissing() throws Exception {
        var old = folder.resolve("jdk-17");
        executable(old.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.12\"\n");
        for (var home : List.of("", old.toString())) {
            for (var command : List.of(List.of("cambium", "version"), List.of("cambium", "serve"),
                    List.of("dev", "test"))) {
                var run = CommandRun.of(List.of(Checkout.root().resolve(command.get(0)).toString(), command.get(1)),
                        builder -> builder.environment().putAll(
                                Map.of("JAVA_HOME", home, "CAMBIUM_JDKS", folder.resolve("none").toString())));
                assertEquals(1, run.exit(), run.toString());
                assertEquals("cambium: JDK 25 or newer is needed; none found in JAVA_HOME or " + folder.resolve("none")
                        + ".", run.output().strip());
            }
        }
    }

    @Test
    void buildsOnceFromAPathWithASpaceAndThenNeedsNoNetwork() throws Exception {
        var checkout = cloned("a path with a space");
        var log = folder.resolve("maven.log");
        var first = offline(log, checkout, "cambium", "version").successful();
        assertTrue(first.err().contains("building cli (once)"), first.toString());
        assertEquals("cambium 0.1.0", first.out().strip());
        assertTrue(Files.size(checkout.resolve(".cambium/cli.aot")) > 0, "its start was rehearsed");
        var second = offline(log, checkout, "cambium", "version").successful();
        assertFalse(second.err().contains("building"), second.toString());

        CommandRun.of("touch", checkout.resolve("cli/src/main/java/cambium/cli/Main.java").toString()).successful();
        var changed = offline(log, checkout, "cambium", "version").successful();
        assertTrue(changed.err().contains("building cli (once)"), changed.toString());
        var builds = Files.readAllLines(log);
        assertEquals(2, builds.size(), builds.toString());
    }

    /// A start of it is rehearsed as one of the command line is, which is left out here: it costs as much as the build.
    @Test
    void buildsTheServerFromAPathWithASpace() throws Exception {
        var checkout = cloned("another path with a space");
        var recording = Files.createFile(Files.createDirectory(checkout.resolve(".cambium")).resolve("server.aot"));
        Files.setLastModifiedTime(recording, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
        var help = offline(folder.resolve("maven.log"), checkout, "cambium", "serve", "--help").successful();
        assertTrue(help.out().contains("--database-url URL, CAMBIUM_DATABASE_URL"), help.toString());
    }

    /// With a stand-in for Java, which rehearses for as long as the test likes.
    @Test
    void whoComesWhileAStartIsRehearsedStartsWithoutARehearsal() throws Exception {
        var checkout = cloned("rehearsed");
        Files.createFile(Files.createDirectories(checkout.resolve("cli/target")).resolve("cambium-cli.jar"));
        var jdk = folder.resolve("jdk-25");
        var log = folder.resolve("java.log");
        executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        executable(jdk.resolve("bin/java"), """
                #!/bin/sh
                case "$*" in
                  *AOTCacheOutput*)
                    echo rehearses >>'%1$s/java.log'
                    for _ in $(seq 600); do [ -e '%1$s/rehearsed-enough' ] || sleep 0.05; done
                    ;;
                  *) echo runs >>'%1$s/java.log' ;;
                esac
                """.formatted(folder));
        var command = List.of(checkout.resolve("cambium").toString(), "version");
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("JAVA_HOME", jdk.toString());
        var first = builder.start();
        Await.until("the first rehearses", () -> Files.exists(log) && Files.size(log) > 0);
        CommandRun.of(command, second -> second.environment().put("JAVA_HOME", jdk.toString())).successful();
        assertEquals(List.of("rehearses", "runs"), Files.readAllLines(log));
        Files.createFile(folder.resolve("rehearsed-enough"));
        assertEquals(0, first.waitFor());
        CommandRun.of(command, third -> third.environment().put("JAVA_HOME", jdk.toString())).successful();
        assertEquals(List.of("rehearses", "runs", "runs", "runs"), Files.readAllLines(log));
    }

    /// With a stand-in for Maven, since a run of the tests inside the tests would have no end.
    @Test
    void testsOfflineTheSecondTime() throws Exception {
        var checkout = cloned("twice");
        var log = folder.resolve("maven.log");
        executable(folder.resolve("bin/mvn"), "#!/bin/sh\necho \"$*\" >>'" + log + "'\n");
        for (int i = 0; i < 2; i++) {
            var run = withBin(checkout, "dev", "test");
            assertEquals("0 passed, 0 failed, 0 skipped", run.out().strip().lines().toList().getLast(), run.toString());
            assertEquals(1, run.exit(), "no test at all is no success");
        }
        var lines = Files.readAllLines(log);
        assertEquals(2, lines.size(), lines.toString());
        assertFalse(lines.get(0).contains("-o "), lines.toString());
        assertTrue(lines.get(1).contains("-o "), lines.toString());
    }

    /// What is committed, in a folder of its own.
    private Path cloned(String name) throws IOException {
        var target = folder.resolve(name);
        CommandRun.of("git", "clone", "-q", "--no-hardlinks", Checkout.root().toString(), target.toString())
                .successful();
        return target;
    }

    /// Runs with a Maven that notes its arguments and fails where it may use the network.
    private CommandRun offline(Path log, Path checkout, String... command) throws IOException {
        var maven = CommandRun.of("sh", "-c", "command -v mvn").successful().out().strip();
        executable(folder.resolve("bin/mvn"), """
                #!/bin/sh
                echo "$*" >>'%s'
                [ "$1" = -o ] || { echo 'the network is not allowed' >&2; exit 1; }
                exec '%s' "$@"
                """.formatted(log, maven));
        return withBin(checkout, command);
    }

    private CommandRun withBin(Path checkout, String... command) throws IOException {
        var words = new ArrayList<>(List.of(command));
        words.set(0, checkout.resolve(command[0]).toString());
        return CommandRun.of(words, builder -> builder.environment()
                .merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path));
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
