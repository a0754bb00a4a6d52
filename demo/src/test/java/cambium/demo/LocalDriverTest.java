package cambium.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The steps of the example's driver, run as the server runs them: real apt, real packages, real processes; in folders
/// with a space in their names.
class LocalDriverTest {
    private static final Path DRIVER = Path.of("../deploy/example/drivers/local").toAbsolutePath();

    @TempDir
    private static Path shared;
    private static SignedChannel channel;
    private static List<Path> debs;

    @TempDir
    private Path folder;
    private int port;

    record Step(int code, String log) {}

    @BeforeAll
    static void buildAndOffer() throws Exception {
        var builder = new PackageBuilder(shared);
        debs = List.of(builder.build(ExamplePackage.FIRST), builder.build(ExamplePackage.SECOND),
                builder.build(ExamplePackage.HARMFUL));
        channel = new SignedChannel(shared);
        channel.offer(debs);
    }

    @AfterAll
    static void stopChannel() throws Exception {
        channel.stop();
    }

    @BeforeEach
    void choosePort() {
        port = new FreePorts(System.nanoTime()).take();
    }

    @AfterEach
    void endShops() throws InterruptedException {
        assertTrue(new Leftovers(folder).end());
    }

    private Step run(String step, ExamplePackage example) throws Exception {
        return run(step, example, SignedChannel.sha256(debs.get(example.ordinal())));
    }

    private Step run(String step, ExamplePackage example, String sha256) throws Exception {
        Path log = folder.resolve("step.log");
        var builder = new ProcessBuilder(List.of("setsid", "--wait", DRIVER.resolve(step).toString()))
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.ofEntries(
                Map.entry("PATH", System.getenv("PATH")), Map.entry("HOME", folder.toString()),
                Map.entry("LANG", "C.UTF-8"), Map.entry("CAMBIUM_CELL", "cell-1"), Map.entry("CAMBIUM_RING", "2"),
                Map.entry("CAMBIUM_VERSION", example.version), Map.entry("CAMBIUM_PREVIOUS_VERSION", ""),
                Map.entry("CAMBIUM_CHANNEL_URL", channel.url()), Map.entry("CAMBIUM_CODENAME", "bookworm"),
                Map.entry("CAMBIUM_KEY_URL", channel.url() + "/key.asc"),
                Map.entry("CAMBIUM_PACKAGES", "storefront " + example.version + " all " + sha256 + " http://unused"),
                Map.entry("CAMBIUM_SETTING_PORT", String.valueOf(port)),
                Map.entry("CAMBIUM_SETTING_FOLDER", cell().toString()),
                Map.entry("CAMBIUM_SETTING_JAVA_HOME", System.getProperty("java.home"))));
        int code = builder.start().waitFor();
        return new Step(code, Files.readString(log));
    }

    private Path cell() {
        return folder.resolve("my cells/cell-1");
    }

    private String answers() throws IOException {
        var connection = URI.create("http://127.0.0.1:" + port + "/health").toURL().openConnection();
        try (var in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void succeeds(String step, ExamplePackage example) throws Exception {
        Step done = run(step, example);
        assertEquals(0, done.code(), done.log());
    }

    @Test
    void goesForwardMigratesAndComesBack() throws Exception {
        succeeds("deploy", ExamplePackage.FIRST);
        succeeds("deploy", ExamplePackage.SECOND);
        succeeds("qa", ExamplePackage.SECOND);
        succeeds("pdm", ExamplePackage.SECOND);
        succeeds("deploy", ExamplePackage.HARMFUL);
        assertEquals("{\"version\":\"1.2.0\",\"status\":\"ok\"}\n", answers());

        channel.offer(List.of());
        succeeds("rollback", ExamplePackage.SECOND);
        channel.offer(debs);

        assertEquals("{\"version\":\"1.1.0\",\"status\":\"ok\"}\n", answers());
        succeeds("rollback", ExamplePackage.FIRST);
        succeeds("qa", ExamplePackage.FIRST);
        assertEquals("{\"version\":\"1.0.0\",\"status\":\"ok\"}\n", answers());
    }

    @Test
    void findsDoneWhatIsDone() throws Exception {
        succeeds("deploy", ExamplePackage.FIRST);
        String pid = Files.readString(cell().resolve("shop.pid"));

        Step again = run("deploy", ExamplePackage.FIRST);

        assertEquals(0, again.code());
        assertTrue(again.log().contains("1.0.0 already runs"), again.log());
        assertEquals(pid, Files.readString(cell().resolve("shop.pid")));
    }

    @Test
    void installsNothingWhoseDigestIsAnother() throws Exception {
        Step wrong = run("deploy", ExamplePackage.FIRST, "0".repeat(64));

        assertEquals(1, wrong.code());
        assertTrue(wrong.log().contains("not installed"), wrong.log());
        assertFalse(Files.exists(cell().resolve("current")));
    }

    @Test
    void saysThatTheChannelDoesNotOfferTheVersion() throws Exception {
        channel.offer(debs.subList(0, 1));
        try {
            Step missing = run("deploy", ExamplePackage.SECOND);

            assertEquals(1, missing.code());
            assertTrue(missing.log().contains("does not offer storefront 1.1.0"), missing.log());
        } finally {
            channel.offer(debs);
        }
    }

    @Test
    void doesNotMigrateAVersionThatDoesNotRun() throws Exception {
        Step refused = run("pdm", ExamplePackage.SECOND);

        assertEquals(1, refused.code());
        assertTrue(refused.log().contains("does not run here"), refused.log());
    }
}
