package cambium.server.fleet.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.Step;
import cambium.server.config.Descriptors;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import cambium.server.fleet.handover.DriverFolders;
import cambium.server.testing.Eventually;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessCellDriverTest extends ProcessDriverContract {
    private Path attempts;

    @BeforeEach
    void chooseFolder() {
        attempts = temporary.resolve("with a space/attempts");
    }

    @Override
    protected CellDriver open() {
        return process(attempts);
    }

    @Override
    List<Path> attemptFolders() {
        return List.of(attempts);
    }

    private AttemptResult run(String body) throws IOException {
        return run(body, order(ATTEMPT, "own"));
    }

    private AttemptResult run(String body, StepOrder order) throws IOException {
        write("own", order.step(), body);
        var driver = open();
        driver.start(order);
        return end(driver, order.attempt());
    }

    @Test
    void aStepThatIgnoresItsCancellationIsEndedTheHardWay() throws Exception {
        write("own", Step.DEPLOY, "trap '' TERM\n" + "echo \"$CAMBIUM_ATTEMPT $CAMBIUM_EPOCH\" >> '" + ran + "'\n"
                + waiting(temporary.resolve("go")));
        var driver = new ProcessCellDriver(drivers, attempts, new StepEnvironment(System.getenv("PATH"), "/nowhere"),
                Duration.ofSeconds(1), () -> { });
        driver.start(order(ATTEMPT, "own"));
        Eventually.holds("the step runs", () -> Files.readString(ran).equals(ATTEMPT + " 5\n"));
        assertTrue(driver.cancel(ATTEMPT, "enough"));
        assertEquals(new AttemptResult.Cancelled("enough"), end(driver, ATTEMPT));
        assertEquals("5", Files.readString(attempts.resolve(ATTEMPT.toString()).resolve("epoch")).strip());
    }

    @Test
    void aCoordinatorReplacedBetweenItsLookAndItsProcessRunsNothing() throws Exception {
        var driver = open();
        Files.createDirectories(attempts.resolve(ATTEMPT.toString()));
        Files.writeString(attempts.resolve(".fence-cell4"), "6\n");
        try (var all = Files.list(attempts)) {
            var script = all.filter(file -> file.toString().endsWith(".sh")).findFirst().orElseThrow();
            var run = new ProcessBuilder("/bin/sh", script.toString(), attempts.resolve(ATTEMPT.toString()).toString(),
                    "60", "1", drivers.resolve("works/deploy").toString(), "9999999999",
                    attempts.resolve(".fence-cell4").toString(), "5")
                    .redirectErrorStream(true).start();
            var said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(74, run.waitFor(), said);
        }
        assertEquals(0, runs(ATTEMPT));
        assertEquals(new StepProgress.Unknown(), driver.progress(ATTEMPT));
    }

    @Test
    void givesTheOrderAsEnvironmentAndNothingElse() throws Exception {
        assertEquals(new AttemptResult.Succeeded(), run("env; pwd\n"));
        var lines = log(open(), ATTEMPT).lines().toList();
        var names = lines.stream().filter(line -> line.matches("[A-Z_0-9]+=.*"))
                .map(line -> line.substring(0, line.indexOf('='))).sorted().collect(Collectors.joining(" "));
        assertEquals("CAMBIUM_ATTEMPT CAMBIUM_CELL CAMBIUM_CHANNEL_URL CAMBIUM_CODENAME CAMBIUM_EPOCH CAMBIUM_KEY_URL "
                + "CAMBIUM_KIND CAMBIUM_PACKAGES CAMBIUM_PACKAGE_NAME CAMBIUM_PACKAGE_SHA256 CAMBIUM_PACKAGE_URL "
                + "CAMBIUM_PACKAGE_VERSION CAMBIUM_PREVIOUS_VERSION CAMBIUM_RING CAMBIUM_SETTING_LISTEN_PORT "
                + "CAMBIUM_STEP CAMBIUM_VERSION HOME LANG PATH PWD", names);
        assertTrue(lines.contains("CAMBIUM_SETTING_LISTEN_PORT=9101; rm -rf $HOME"), "a value is never run");
        assertTrue(lines.contains("CAMBIUM_PACKAGE_URL=http://h:1/a/s/debian/pool/s/storefront_1.1.0-1_amd64.deb"));
        assertTrue(lines.contains("CAMBIUM_STEP=deploy"));
        assertTrue(lines.contains("CAMBIUM_KIND=full"));
        assertTrue(lines.contains(attempts.resolve(ATTEMPT.toString()).toString()), "works in the attempt's folder");
    }

    @Test
    void namesThePathOfAMissingExecutable() throws Exception {
        Files.delete(drivers.resolve("works/deploy"));
        var driver = open();
        driver.start(order(ATTEMPT, "works"));
        var failed = assertInstanceOf(AttemptResult.Failed.class, end(driver, ATTEMPT));
        assertTrue(failed.reason().endsWith("expected an executable at " + drivers.resolve("works/deploy")),
                failed.reason());
        assertTrue(log(driver, ATTEMPT).contains("expected an executable"));
    }

    /// A machine without room for a process says nothing of the version.
    @Test
    void aMachineWithoutFilesLeftFailsNoStepAndBeginsItWhenThereAreSome() throws Exception {
        var driver = open();
        var other = AttemptId.of("r7.cell4.deploy.9");
        driver.start(order(other, "works"));
        assertEquals(new AttemptResult.Succeeded(), end(driver, other), "so that all is loaded");
        var own = StepProcess.parse(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " "
                + ProcessHandle.current().pid() + " " + Files.readString(Path.of("/proc/self/stat"))
                .replaceFirst("^.*\\) ", "").split(" ")[19]).orElseThrow();
        assertTrue(own.alive());
        var drivers = new DriverFolders(temporary);
        assertInstanceOf(DriverFolders.Named.Known.class, drivers.named("works"));
        var limit = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files")).findFirst().orElseThrow().split(" {2,}")[1];
        var open = new ArrayList<InputStream>();
        limitFiles(Integer.toString(new File("/proc/self/fd").list().length + 50));
        try {
            takeAll(open);
            for (int free = 1; free <= 5; free++) {
                open.removeLast().close();
                var trouble = assertThrows(UncheckedIOException.class, () -> driver.start(order(ATTEMPT, "works")));
                assertTrue(trouble.getMessage().contains("cannot be begun yet"), trouble.getMessage());
                assertEquals(new StepProgress.Unknown(), driver.progress(ATTEMPT));
            }
            assertFalse(Descriptors.areLeft());
            takeAll(open);
            assertThrows(UncheckedIOException.class, own::alive, "it is not told to be dead");
            assertThrows(UncheckedIOException.class, () -> drivers.named("works"), "nor its driver to be wrong");
        } finally {
            for (var each : open) {
                each.close();
            }
            limitFiles(limit);
        }
        assertEquals(0, runs(ATTEMPT));
        driver.start(order(ATTEMPT, "works"));
        assertEquals(new AttemptResult.Succeeded(), end(driver, ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
    }

    private static void takeAll(List<InputStream> open) {
        var full = assertThrows(IOException.class, () -> {
            while (true) {
                open.add(new FileInputStream("/dev/null"));
            }
        });
        assertTrue(full.getMessage().contains("Too many open files"), full.getMessage());
    }

    private static void limitFiles(String files) throws Exception {
        assertEquals(0, new ProcessBuilder("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()),
                "--nofile=" + files + ":").inheritIO().start().waitFor());
    }

    @Test
    void neverLeavesTheFolderOfDrivers() throws Exception {
        write("../outside", Step.DEPLOY, "echo " + ATTEMPT + " >> '" + ran + "'\n");
        var driver = open();
        driver.start(order(ATTEMPT, "../outside"));
        assertInstanceOf(AttemptResult.Failed.class, end(driver, ATTEMPT));
        assertEquals(0, runs(ATTEMPT));
    }

    @Test
    void endsAStepThatIsOverItsTime() throws Exception {
        var order = limited(order(ATTEMPT, "own"), Duration.ofSeconds(1));
        assertEquals(new AttemptResult.TimedOut(), run("sleep 60 & sleep 60\n", order));
    }

    @Test
    void anExitCodeThatLooksLikeATimeoutIsAFailure() throws Exception {
        assertEquals(new AttemptResult.Failed("exit code 124, no output"), run("exit 124\n"));
    }

    @Test
    void keepsBeginningAndEndOfAFloodOfOutput() throws Exception {
        run("echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last\n");
        var log = log(open(), ATTEMPT);
        assertTrue(log.startsWith("first\n") && log.endsWith("last\n") && log.contains("left out"));
        assertTrue(log.length() < 2_200_000, "kept " + log.length());
    }

    @Test
    void doesNotWaitForAServiceThatTheStepLeavesBehind() throws Exception {
        assertEquals(new AttemptResult.Succeeded(), run("""
                setsid sh -c 'while [ -d "$1" ] && [ ! -e "$1/go" ]; do sleep 0.02; done' - '%s' &
                echo left
                """.formatted(temporary)));
        releaseWaiting();
    }

    @Test
    void aStepKilledWithItsWitnessIsLostAndNeverRunAgain() throws Exception {
        var driver = open();
        driver.start(order(ATTEMPT, "waits"));
        Eventually.holds("the step runs", () -> runs(ATTEMPT) == 1);
        kill("claim");
        assertInstanceOf(StepProgress.Running.class, driver.progress(ATTEMPT), "its child still runs the step");
        kill("child");
        assertInstanceOf(AttemptResult.Lost.class, end(driver, ATTEMPT));
        open().start(order(ATTEMPT, "waits"));
        assertInstanceOf(AttemptResult.Lost.class, end(open(), ATTEMPT));
        releaseWaiting();
        assertEquals(1, runs(ATTEMPT));
    }

    private void kill(String role) throws Exception {
        var text = Files.readString(attempts.resolve(ATTEMPT.toString()).resolve(role));
        var process = StepProcess.parse(text).orElseThrow();
        var pids = Arrays.asList("kill", "-9", Long.toString(process.pid()));
        assertEquals(0, new ProcessBuilder(pids).inheritIO().start().waitFor());
        Eventually.holds("the " + role + " is gone", () -> !process.alive());
    }

    @Test
    void outlivesTheProcessThatStartedIt() throws Exception {
        var server =
                new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), OneStart.class.getName(), drivers.toString(),
                attempts.toString()))
                .inheritIO().start();
        Eventually.holds("the step runs", () -> runs(ATTEMPT) == 1);
        server.destroyForcibly().waitFor();
        assertInstanceOf(StepProgress.Running.class, open().progress(ATTEMPT));
        open().start(order(ATTEMPT, "waits"));
        releaseWaiting();
        assertEquals(new AttemptResult.Succeeded(), end(open(), ATTEMPT));
        assertEquals(1, runs(ATTEMPT));
    }

    /// A stand-in for a server: starts one attempt and stays.
    static final class OneStart {
        private OneStart() {}

        public static void main(String[] arguments) throws Exception {
            new ProcessCellDriver(Path.of(arguments[0]), Path.of(arguments[1]),
                    new StepEnvironment(System.getenv("PATH"), "/nowhere"), () -> { }).start(order(ATTEMPT, "waits"));
            System.in.read();
            Thread.sleep(Duration.ofMinutes(2));
        }
    }

    @Test
    void oldAttemptsAreForgottenOnceThereAreVeryMany() throws Exception {
        var old = FileTime.from(Instant.now().minus(OldAttempts.KEPT).minusSeconds(60));
        for (var i = 1; i <= OldAttempts.MAX_FOLDERS + 10; i++) {
            var folder = Files.createDirectories(attempts.resolve("r1.c" + i + ".deploy.1"));
            if (i <= 30) {
                Files.writeString(folder.resolve("claim"), "refused for a test\n");
            }
            if (i <= 40) {
                Files.setLastModifiedTime(folder, old);
            }
        }
        OldAttempts.forget(attempts, Instant.now());
        try (var left = Files.list(attempts)) {
            assertEquals(OldAttempts.MAX_FOLDERS, left.count(), "only as many as are too many");
        }
        assertTrue(Files.exists(attempts.resolve("r1.c40.deploy.1")), "what has not ended stays");
    }

    @Test
    void aProcessIsKnownByMoreThanItsNumber() {
        var self = ProcessHandle.current().pid();
        assertFalse(new StepProcess("another-boot", self, 1).alive());
        assertEquals(Optional.empty(), StepProcess.parse("x 1"));
        assertEquals(Optional.empty(), StepProcess.parse("x y z"));
    }
}
