package cambium.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.testing.Eventually;
import cambium.server.testing.KillSwitch;
import cambium.server.testing.KillSwitch.Point;
import cambium.server.testing.PostgresPath;
import cambium.server.testing.ServerProcess;
import cambium.server.testing.TestDatabase;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole server as a process, killed (SIGKILL) at every named point of what it does: while it receives, around each
/// blob that becomes durable, and around each commit of the database, on both sides of it: before PostgreSQL has heard
/// of it, and when it is done but not answered. `./dev kill --rounds N` goes on until N were killed.
final class KilledProcessTest {
    private static final int LARGE_BYTES = 1_300_000;
    private static final int BETWEEN_WALKS = 8;
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 0);
    private static final int MOST_AGAIN = 5;

    @TempDir
    Path data;

    private final HttpClient client = HttpClient.newHttpClient();
    private final TreeSet<String> acknowledged = new TreeSet<>();
    private final TreeSet<String> uncertain = new TreeSet<>();
    private final TreeMap<String, Integer> kills = new TreeMap<>();
    private final List<Duration> recoveries = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();
    private KillSwitch killSwitch;
    private PostgresPath database;
    private RepositoryServer witness;
    private int number;

    /// What a process is killed in the middle of.
    private enum Act { SMALL_PUSH, LARGE_PUSH, SOURCE_PUSH, WITHDRAWAL, RECOVERY }

    /// The witness shares database and blobs, and does nothing by itself: it reads what a killed process has left.
    @BeforeEach
    void start() throws Exception {
        witness = RepositoryServer.over(TestDatabase.fresh(), data, InstantSource.system(), folder -> folder);
        witness.create("acme", "shop");
        // Else every process would begin by making some.
        witness.giveSpareKey();
        witness.giveSpareKey();
        killSwitch = new KillSwitch();
        var address = witness.database.address();
        database = new PostgresPath(address.jdbcUrl(), killSwitch, KilledProcessTest::nameOf);
        environment.putAll(Map.of("CAMBIUM_DATABASE_URL", database.url(address.user(), address.password()),
            "CAMBIUM_ADMIN_TOKEN", RepositoryServer.TOKEN, "CAMBIUM_MASTER_KEY", "ab".repeat(32),
            "CAMBIUM_BLOBS", data.resolve("blobs").toString(), "CAMBIUM_ROLES", "web,upload,index",
            KillSwitch.PORT, Integer.toString(killSwitch.port())));
    }

    @AfterEach
    void stop() {
        database.close();
        killSwitch.close();
        client.close();
        witness.close();
    }

    /// What else is written, such as statistics, promises nothing to anyone.
    private static String nameOf(SortedSet<String> tables) {
        return tables.contains("channel_generation") ? "a generation"
            : tables.contains("package") ? "packages"
            : tables.contains("blob") ? "a large blob's row" : "";
    }

    @Test
    void nothingAcknowledgedIsLostAtAnyNamedPoint() throws Exception {
        long seed = System.nanoTime();
        try {
            Map<Act, List<Point>> points = pointsOfAll();
            Map<Act, List<Point>> chosen = ROUNDS > 0 ? points : oneOfEachStep(points, new Random(seed));
            do {
                for (Act act : Act.values()) {
                    for (Point point : chosen.get(act)) {
                        round(act, point);
                    }
                }
            } while (kills() < ROUNDS);
            killsWhatWasMissed(chosen);
            chosen.forEach((act, some) -> some.forEach(point -> assertTrue(kills.containsKey(act + ": " + point.step()),
                () -> "never killed in " + act + " " + point.step() + "; only " + kills)));
            seesEverything();
        } catch (Throwable failed) {
            throw new AssertionError("seed " + seed + " after " + kills, failed);
        }
        System.out.println(kills() + " processes were killed at " + kills.size() + " named points, "
            + acknowledged.size() + " acknowledged packages are there, none is lost; median time to recover "
            + recoveries.stream().sorted().toList().get(recoveries.size() / 2).toMillis() + " ms: " + kills);
    }

    /// What the suite has time for: every step of every act once, but receiving, which is the same in all, in one.
    private static Map<Act, List<Point>> oneOfEachStep(Map<Act, List<Point>> points, Random random) {
        var chosen = new EnumMap<Act, List<Point>>(Act.class);
        points.forEach((act, all) -> {
            var shuffled = new ArrayList<>(all);
            Collections.shuffle(shuffled, random);
            var byStep = new TreeMap<String, Point>();
            shuffled.stream().filter(point -> act == Act.SMALL_PUSH || !point.step().endsWith(" receiving"))
                .forEach(point -> byStep.put(point.step(), point));
            chosen.put(act, List.copyOf(byStep.values()));
        });
        return chosen;
    }

    /// What one process commits apart, another commits in one, and then it never comes to the later point.
    private void killsWhatWasMissed(Map<Act, List<Point>> chosen) throws Exception {
        for (int again = 0; again < MOST_AGAIN; again++) {
            for (Act act : Act.values()) {
                for (Point point : chosen.get(act)) {
                    if (!kills.containsKey(act + ": " + point.step())) {
                        round(act, point);
                    }
                }
            }
        }
    }

    private int kills() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// Of one process that is left alone.
    private Map<Act, List<Point>> pointsOfAll() throws Exception {
        var points = new EnumMap<Act, List<Point>>(Act.class);
        try (var process = started()) {
            for (Act act : List.of(Act.SMALL_PUSH, Act.LARGE_PUSH, Act.SOURCE_PUSH, Act.WITHDRAWAL)) {
                killSwitch.arm(Optional.empty());
                perform(act, process);
                witness.settled();
                points.put(act, killSwitch.reached());
            }
            killSwitch.disarm();
            process.terminate();
        }
        assertEquals(List.of(), List.copyOf(uncertain));
        leaveWork();
        killSwitch.arm(Optional.empty());
        try (var process = started()) {
            witness.settled();
            points.put(Act.RECOVERY, killSwitch.reached());
            killSwitch.disarm();
            process.kill();
        }
        points.forEach((act, some) -> assertTrue(some.size() >= 4, act + " has only " + some));
        return points;
    }

    private ServerProcess started() throws IOException {
        return ServerProcess.start("cambium.server.MortalServer", data.resolve("process"), environment);
    }

    /// The order of steps may differ a little: a point that is not reached this time is no kill.
    private void round(Act act, Point fatal) throws Exception {
        if (act == Act.RECOVERY) {
            leaveWork();
            killSwitch.arm(Optional.of(fatal));
        }
        long begun = System.nanoTime();
        try (var process = started()) {
            if (act != Act.RECOVERY) {
                witness.settled();
                recoveries.add(Duration.ofNanos(System.nanoTime() - begun));
                killSwitch.arm(Optional.of(fatal));
                perform(act, process);
            }
            Eventually.holds("the server is dead or done",
                () -> killSwitch.hasKilled() || witness.pending() == 0);
            killSwitch.disarm();
            process.kill();
        } catch (AssertionError early) {
            if (!killSwitch.hasKilled()) {
                throw early;
            }
            // It died before it could say where it answers.
            killSwitch.disarm();
        }
        if (killSwitch.hasKilled()) {
            kills.merge(act + ": " + fatal.step(), 1, Integer::sum);
        }
        seesNothingHalf(kills() % BETWEEN_WALKS == 0);
    }

    /// Acknowledged by the witness, which publishes nothing.
    private void leaveWork() {
        String name = nextName();
        witness.pushed("acme/shop", TestDeb.of(name, "1", "amd64"));
        acknowledged.add(name + "_1_amd64.deb");
    }

    private String nextName() {
        return "pkg" + ++number;
    }

    private void perform(Act act, ServerProcess process) throws InterruptedException {
        String name = nextName();
        switch (act) {
            case SMALL_PUSH -> push(process, TestDeb.of(name, "1", "amd64"), name + "_1_amd64.deb");
            case LARGE_PUSH -> push(process, large(name), name + "_1_amd64.deb");
            case SOURCE_PUSH -> {
                TestSource source = TestSource.of(name, "1-1");
                push(process, source.form(), source.dscName());
            }
            case WITHDRAWAL -> withdraw(process);
            case RECOVERY -> throw new IllegalStateException("nobody asks for it");
        }
    }

    private static byte[] large(String name) {
        var noise = new StringBuilder();
        new Random(name.hashCode()).ints(LARGE_BYTES, 33, 127).forEach(c -> noise.append((char) c));
        return TestDeb.of(name, "1", "amd64", "", noise.toString());
    }

    private void push(ServerProcess process, byte[] deb, String filename) throws InterruptedException {
        push(process, new TestForm().file(deb).field("package[distro_version_id]", RepositoryServer.BOOKWORM),
            filename);
    }

    private void push(ServerProcess process, TestForm form, String filename) throws InterruptedException {
        int status = status(form.request(request(process, "/api/v1/repos/acme/shop/packages.json")));
        (status == 201 ? acknowledged : uncertain).add(filename);
    }

    private void withdraw(ServerProcess process) throws InterruptedException {
        String filename = acknowledged.stream().filter(name -> name.endsWith(".deb")).findFirst().orElseThrow();
        acknowledged.remove(filename);
        if (status(request(process, "/api/v1/repos/acme/shop/debian/bookworm/" + filename).DELETE()) != 200) {
            uncertain.add(filename);
        }
    }

    private static HttpRequest.Builder request(ServerProcess process, String path) {
        return HttpRequest.newBuilder(process.uri().resolve(path))
            .header("Authorization", RepositoryServer.authorization());
    }

    /// 0: it died before it answered.
    private int status(HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new AssertionError(answer.statusCode() + " " + answer.body());
            }
            return answer.statusCode();
        } catch (IOException died) {
            return 0;
        }
    }

    /// What stands right after a kill, before anyone has mended anything.
    ///
    /// @param walk whether everything that the signed root names is fetched and hashed, too
    private void seesNothingHalf(boolean walk) throws Exception {
        List<String> stored = witness.database.read(sql -> sql.fetch(
            "select filename from package where deleted_at is null and state in ('pending', 'indexed')")
            .map(row -> row.get("filename", String.class)));
        assertTrue(stored.containsAll(acknowledged), () -> "lost: " + missing(stored));
        assertEquals(List.of(), witness.database.read(sql -> sql.fetch("""
            select f.sha256, f.size_bytes from package_file f join package p on p.id = f.package_id
            where p.deleted_at is null""")).stream()
            .filter(row -> !isStored(row.get("sha256", String.class), row.get("size_bytes", Long.class))).toList(),
            "rows without their bytes");
        if (walk) {
            for (String visible : new ClosureChecker(witness, "/acme/shop/debian").check("bookworm", "amd64")) {
                assertTrue(stored.contains(visible) || uncertain.contains(visible), visible);
            }
        }
    }

    private boolean isStored(String sha256, long size) {
        Path file = data.resolve("blobs").resolve(sha256.substring(0, 2)).resolve(sha256);
        try {
            return Files.exists(file) && Files.size(file) == size;
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private List<String> missing(List<String> stored) {
        var missing = new ArrayList<>(acknowledged);
        missing.removeAll(stored);
        return missing;
    }

    /// The last process has mended all, and leaves nothing half-received.
    private void seesEverything() throws Exception {
        try (var process = started()) {
            witness.settled();
            assertEquals(0, witness.count("select count(*) from package where state in ('pending', 'failed')"));
            List<String> visible = new ClosureChecker(witness, "/acme/shop/debian").check("bookworm", "amd64");
            var debs = acknowledged.stream().filter(name -> name.endsWith(".deb")).toList();
            assertTrue(visible.containsAll(debs), () -> "not indexed: " + missing(visible));
            assertTrue(visible.stream().allMatch(name -> acknowledged.contains(name) || uncertain.contains(name)));
            assertEquals(visible.size(), new TreeSet<>(visible).size(), "none twice");
            assertEquals(1, list(data.resolve("blobs/incoming"), ".lock"), "only the living process receives");
            assertEquals(0, list(data.resolve("blobs/incoming"), ".part"));
            process.terminate();
        }
    }

    private static long list(Path folder, String ending) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).count();
        }
    }
}
