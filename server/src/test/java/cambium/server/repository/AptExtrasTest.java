package cambium.server.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.testing.Eventually;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a repository offers to apt beyond packages and plain indexes.
final class AptExtrasTest {
    private static final String DISTS = "/acme/shop/debian/dists/bookworm/";
    private static final Pattern FETCHED = Pattern.compile("Fetched ([0-9.,]+) (k?B|MB) in");

    @TempDir
    Path data;

    private final MovableClock clock = new MovableClock();
    private RepositoryServer server;
    private ClosureChecker closure;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data.resolve("server"), clock);
        server.create("acme", "shop");
        closure = new ClosureChecker(server, "/acme/shop/debian");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private PrivateApt apt(String name) throws IOException {
        String key = server.http.get("/acme/shop/gpgkey").body();
        return new PrivateApt(data.resolve(name), key, server.http.uri("/acme/shop/debian") + " bookworm main");
    }

    private String release() {
        return server.http.get(DISTS + "Release").body();
    }

    private void options(String json) {
        HttpResponse<String> answer = server.send(server.authorized("/api/v1/repos/acme/shop/apt.json")
            .header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private void pushed(String name, String version) {
        server.pushed("acme/shop", TestDeb.of(name, version, "amd64"));
    }

    /// Packages of which a patch is far smaller than the whole index, as in a real suite.
    private void fill(int packages) {
        for (int i = 0; i < packages; i++) {
            pushed("filler" + i, "1");
        }
        server.settled();
    }

    private static long bytesFetched(String log) {
        var found = FETCHED.matcher(log);
        assertTrue(found.find(), log);
        double number = Double.parseDouble(found.group(1).replace(",", ""));
        return (long) (number * switch (found.group(2)) {
            case "kB" -> 1_000;
            case "MB" -> 1_000_000;
            default -> 1;
        });
    }

    @Test
    void onePackageMoreCostsAptAPatchAndNotTheIndex() throws Exception {
        fill(120);
        PrivateApt apt = apt("apt");
        long whole = bytesFetched(apt.update());
        assertEquals(120, apt.packagesSeen());
        pushed("more", "1");
        server.settled();
        String log = apt.update();
        assertTrue(log.contains("Packages.diff/by-hash/SHA256/"), log);
        assertTrue(log.matches("(?s).*Packages\\.diff/[0-9]+\\.gz.*"), log);
        assertFalse(log.contains("main/binary-amd64/by-hash/SHA256/"), "the whole index was fetched\n" + log);
        assertEquals(121, apt.packagesSeen());
        assertTrue(bytesFetched(log) < whole / 2, bytesFetched(log) + " of " + whole);
        for (int i = 0; i < 7; i++) {
            pushed("later" + i, "1");
            if (i % 2 == 0) {
                server.delete("acme/shop/debian/bookworm/filler" + 10 * i + "_1_amd64.deb");
            }
            server.settled();
        }
        log = apt.update();
        assertFalse(log.contains("main/binary-amd64/by-hash/SHA256/"), "the whole index was fetched\n" + log);
        assertEquals(124, apt.packagesSeen());
        assertEquals(124, closure.check("bookworm", "amd64").size());
    }

    @Test
    void theListOfPatchesIsBoundedAndOldOnesAreCollected() throws Exception {
        fill(30);
        PrivateApt apt = apt("apt");
        apt.update();
        for (int i = 0; i < 45; i++) {
            pushed("more" + i, "1");
            server.settled();
        }
        String list = server.http.get(DISTS + "main/binary-amd64/Packages.diff/Index").body();
        long index = server.http.get(DISTS + "main/binary-amd64/Packages.gz").body().length();
        long steps = list.lines().filter(line -> line.endsWith(".gz")).count();
        assertTrue(steps >= 4 && steps < 15, steps + " steps to an index of some " + index + " bytes");
        assertEquals(4, ViewPatches.steps(100));
        assertEquals(ViewPatches.MAX_STEPS, ViewPatches.steps(10 << 20));
        apt.update();
        assertEquals(75, apt.packagesSeen());
        long before = server.count("select count(*) from view_patch");
        var collector = new Collector(server.database, server.blobs, clock);
        collector.collect();
        assertEquals(before, server.count("select count(*) from view_patch"));
        clock.move(Duration.ofHours(25));
        collector.collect();
        assertEquals(75, closure.check("bookworm", "amd64").size());
        assertTrue(server.count("select count(*) from view_patch") < before / 2);
        assertTrue(server.count("select count(*) from patch_index") <= 4);
    }

    @Test
    void aChangeTooLargeToBePatchedBeginsANewRun() throws Exception {
        fill(5);
        pushed("one", "1");
        server.settled();
        assertTrue(release().contains("Packages.diff/Index"));
        long before = server.count("select max(generation) from view_patch");
        server.database.transact(sql -> sql.execute("update admission set not_before = now() where work is not null"));
        for (int i = 0; i < 40; i++) {
            server.pushed("acme/shop", TestDeb.of("big" + i, "1", "amd64", "X-Text: " + "y".repeat(60_000) + "\n", ""));
        }
        server.settled();
        assertEquals(46, closure.check("bookworm", "amd64").size());
        assertTrue(server.count("select max(generation) from channel") > before);
    }

    @Test
    void translationsHoldTheLongDescriptionsAndCanBeSwitchedOnAndOff() throws Exception {
        server.pushed("acme/shop", TestDeb.of("hello", "1", "amd64"));
        server.pushed("acme/shop", TestDeb.of("docs", "1", "all"));
        server.settled();
        PrivateApt apt = apt("apt").with("Acquire::Languages", "en");
        assertTrue(shown(apt, "hello").contains("made for one test only"));
        assertFalse(release().contains("Translation-en"));

        options("{\"translations\":true}");
        Eventually.holds("there is a translation", () -> release().contains("main/i18n/Translation-en.xz"));
        assertFalse(server.http.get(DISTS + "main/binary-amd64/Packages").body().contains("made for one test"));
        assertTrue(shown(apt, "hello").contains("made for one test only"));
        assertEquals(2, apt.packagesSeen());
        pushed("later", "1");
        server.settled();
        server.delete("acme/shop/debian/bookworm/docs_1_all.deb");
        server.settled();
        assertTrue(shown(apt, "later").contains("made for one test only"));
        String translation = server.http.get(DISTS + "main/i18n/Translation-en").body();
        assertEquals(List.of("Package: hello", "Package: later"),
            translation.lines().filter(line -> line.startsWith("Package: ")).toList());
        assertEquals(2, closure.check("bookworm", "amd64").size());

        options("{\"translations\":false}");
        Eventually.holds("the translation is gone", () -> !release().contains("Translation-en"));
        assertEquals(404, server.http.get(DISTS + "main/i18n/Translation-en").statusCode());
        assertTrue(shown(apt, "later").contains("made for one test only"));
        assertEquals(2, closure.check("bookworm", "amd64").size());
    }

    private static String shown(PrivateApt apt, String name) throws Exception {
        apt.update();
        return apt.run("apt-cache", "show", name).text();
    }

    @Test
    void contentsComeOnRequestForWhatIsThereAndWhatFollows() throws Exception {
        pushed("early", "1");
        server.pushed("acme/shop", TestDeb.of("both", "1", "all"));
        server.pushed("acme/shop", TestDeb.of("arm", "1", "arm64"));
        server.settled();
        assertFalse(release().contains("Contents-"));
        options("{\"contents\":true}");
        Eventually.holds("there are contents", () -> release().contains("main/Contents-amd64.gz"));
        pushed("late", "1");
        server.settled();
        assertEquals(List.of("usr/share/payload early", "usr/share/payload both", "usr/share/payload late"),
            contents("amd64"));
        assertEquals(List.of("usr/share/payload both", "usr/share/payload arm"), contents("arm64"));
        server.delete("acme/shop/debian/bookworm/early_1_amd64.deb");
        server.settled();
        assertEquals(List.of("usr/share/payload both", "usr/share/payload late"), contents("amd64"));
        closure.check("bookworm", "amd64");
        apt("apt").update();
        options("{\"contents\":false}");
        Eventually.holds("the contents are gone", () -> !release().contains("Contents-"));
        clock.move(Duration.ofHours(25));
        for (int i = 0; i < 4; i++) {
            pushed("after" + i, "1");
            server.settled();
            clock.move(Duration.ofHours(25));
        }
        new Collector(server.database, server.blobs, clock).collect();
        assertEquals(0, server.count("select count(*) from index_file f join index_view v on v.id = f.view_id "
            + "where v.kind = 'contents'"));
        options("{\"contents\":true}");
        Eventually.holds("there are contents again", () -> release().contains("main/Contents-amd64.gz"));
        assertEquals(6, contents("amd64").size());
    }

    private List<String> contents(String architecture) {
        return server.http.get(DISTS + "main/Contents-" + architecture).body().lines()
            .filter(line -> !line.isEmpty()).map(line -> line.replaceAll(" +", " ")).toList();
    }

    @Test
    void aRootIsSignedAgainBeforeHalfOfItsLifeIsGone() throws Exception {
        pushed("hello", "1");
        server.settled();
        assertFalse(release().contains("Valid-Until"));
        options("{\"valid_for_seconds\":86400}");
        Eventually.holds("the root states its end", () -> release().contains("\nValid-Until: "));
        var hashes = new ArrayList<String>();
        Instant last = date("Date");
        for (int hour = 0; hour < 40; hour++) {
            Duration left = Duration.between(clock.instant(), date("Valid-Until"));
            assertTrue(left.compareTo(Duration.ofHours(12)) >= 0, left + " left in hour " + hour);
            assertFalse(date("Date").isBefore(last), "the date went back");
            last = date("Date");
            hashes.add(release().lines().filter(line -> line.endsWith("/Packages.xz")).findFirst().orElseThrow());
            clock.move(Duration.ofHours(1));
            Eventually.holds("nothing is due", () -> server.count("select count(*) from channel where due_at <= '"
                + clock.instant() + "'") == 0);
        }
        assertEquals(1, hashes.stream().distinct().count(), "signing again changes no index");
        assertTrue(server.count("select max(generation) from channel") >= 5);
        closure.check("bookworm", "amd64");
        options("{\"valid_for_seconds\":0}");
        Eventually.holds("the root lives for ever", () -> !release().contains("Valid-Until"));
    }

    @Test
    void theServersLifeHoldsWhereARepositoryDoesNotSayAnother() {
        pushed("hello", "1");
        server.settled();
        AptDefault.set(server.database, Optional.of(Duration.ofDays(7)), clock.instant());
        Eventually.holds("the root states the server's end", () -> release().contains("\nValid-Until: "));
        assertEquals(Duration.ofDays(7), Duration.between(date("Date"), date("Valid-Until")));
        assertEquals("604800 server", life());
        Instant signed = date("Date");
        clock.move(Duration.ofDays(3));
        Eventually.holds("it is signed again before half of its life is gone", () -> date("Date").isAfter(signed));

        options("{\"valid_for_seconds\":86400}");
        Eventually.holds("the repository says another", () ->
            Duration.between(date("Date"), date("Valid-Until")).equals(Duration.ofDays(1)));
        assertEquals("86400 repository", life());
        options("{\"valid_for_seconds\":0}");
        Eventually.holds("the repository says for ever", () -> !release().contains("Valid-Until"));
        assertEquals("0 repository", life());
        long generation = server.count("select max(generation) from channel");
        AptDefault.set(server.database, Optional.of(Duration.ofDays(9)), clock.instant());
        assertEquals(0, server.count("select count(*) from channel where due_at is not null"), "it concerns no other");
        options("{\"contents\":false,\"valid_for_seconds\":\"default\"}");
        Eventually.holds("it is left to the server again", () ->
            release().contains("Valid-Until") && server.count("select max(generation) from channel") > generation);
        assertEquals(Duration.ofDays(9), Duration.between(date("Date"), date("Valid-Until")));
        AptDefault.set(server.database, Optional.empty(), clock.instant());
        Eventually.holds("the server says nothing any more", () -> !release().contains("Valid-Until"));
    }

    private String life() {
        var json = server.json("/api/v1/repos/acme/shop/apt");
        return json.path("valid_for_seconds") + " " + json.path("valid_for_said_by").textValue();
    }

    private Instant date(String field) {
        String text = release().lines().filter(line -> line.startsWith(field + ": ")).findFirst().orElseThrow()
            .substring(field.length() + 2).replace("UTC", "+0000");
        return ZonedDateTime.parse(text, DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH))
            .toInstant();
    }

    @Test
    void optionsAreCheckedAndForManagersOnly() {
        for (String wrong : List.of("{\"valid_for_seconds\":5}", "{\"valid_for_seconds\":\"x\"}",
            "{\"contents\":\"maybe\"}")) {
            assertEquals(422, server.send(server.authorized("/api/v1/repos/acme/shop/apt")
                .header("Content-Type", "application/json").PUT(BodyPublishers.ofString(wrong))).statusCode(), wrong);
        }
        assertEquals(401, server.send(server.http.request("/api/v1/repos/acme/shop/apt")
            .PUT(BodyPublishers.ofString("contents=true"))).statusCode());
        assertEquals("{\"contents\":false,\"translations\":false,\"valid_for_seconds\":0,"
            + "\"valid_for_said_by\":\"server\",\"server_valid_for_seconds\":0}",
            server.get("/api/v1/repos/acme/shop/apt").body());
        assertEquals(404, server.get("/api/v1/repos/acme/none/apt").statusCode());
    }

    @Test
    void sourcesAreThereForDebSrcLines() throws Exception {
        var source = TestSource.of("greet", "1.0-1");
        assertEquals(201, source.push(server).statusCode());
        server.settled();
        assertTrue(release().contains("main/source/Sources.xz"));
        assertArrayEquals(source.files().get("greet_1.0.orig.tar.gz"), server.bytes(server.http.get(
            "/acme/shop/debian/pool/bookworm/main/g/greet/greet_1.0.orig.tar.gz").headers().firstValue("Location")
            .orElseThrow()).body());
        assertTrue(new String(server.bytes(DISTS + "main/source/Sources").body(), UTF_8)
            .contains("\nDirectory: pool/bookworm/main/g/greet\n"));
    }
}
