package cambium.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.DataFolder;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.HttpSettings;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.testing.Eventually;
import cambium.server.testing.RawConnection;
import cambium.server.testing.TestDatabase;
import cambium.server.testing.TestServer;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A crowd that shows nothing or wrong tokens, and whoever may call beside it.
class CrowdOfStrangersTest {
    private static final String ADMINISTRATOR = "0123456789abcdef".repeat(3);
    private static final AccessToken CELL = new AccessToken("c".repeat(48));
    private static final int PLACES = 2;

    @TempDir
    Path temp;

    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger lookedUp = new AtomicInteger();
    private final AtomicInteger working = new AtomicInteger();
    private final CountDownLatch found = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private volatile boolean slow;
    private DataFolder folder;
    private Database database;
    private Access access;
    private TestServer server;

    @BeforeEach
    void start() {
        folder = DataFolder.lock(temp);
        database = TestDatabase.fresh();
        access = new Access(database, MasterKey.of(folder, Optional.empty(), random), Set.of(), this::cell,
                new PlainSignInPage(), Optional.empty(), random, () -> now);
        access.ensureAdministrator(folder, Optional.of(ADMINISTRATOR));
        var routes = new ArrayList<>(access.routes());
        routes.add(route(Method.POST, "/report", Permission.REPORT_CELL));
        routes.add(route(Method.POST, "/brakes", Permission.BRAKE).orSignedOut(call ->
                Answer.text(401, call.parameters().first("why").orElse(""))));
        routes.add(route(Method.GET, "/page", Permission.READ_FLEET));
        routes.add(route(Method.GET, "/public", Permission.NONE));
        routes.add(new Route(Method.GET, "/costly", Role.WEB, Permission.NONE, this::held));
        server = TestServer.of(routes, access.authenticator(), EnumSet.allOf(Role.class),
                HttpSettings.at("127.0.0.1", 0).withLimits(PLACES, PLACES, PLACES)
                        .withReports(PLACES, PLACES, Duration.ofMinutes(1))
                        .withStrangers(PLACES, PLACES, Duration.ofMinutes(1)));
    }

    @AfterEach
    void stop() {
        found.countDown();
        done.countDown();
        threads.close();
        server.close();
        database.close();
        folder.close();
    }

    /// Looking up what is no API token lasts for as long as the test says.
    private Optional<Actor> cell(byte[] sha256) {
        lookedUp.incrementAndGet();
        if (MessageDigest.isEqual(sha256, CELL.sha256())) {
            return Optional.of(Actor.ofCell("main"));
        }
        try {
            if (slow) {
                found.await();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Optional.empty();
    }

    private static Route route(Method method, String path, Permission permission) {
        return new Route(method, path, Role.WEB, permission, _ -> Answer.text(200, "done"));
    }

    private Answer held(Call call) throws InterruptedException {
        working.incrementAndGet();
        done.await();
        return Answer.text(200, "done");
    }

    private int report(String token) {
        return server.send("POST", "/report", "text/plain", "x", "Authorization", "bearer " + token).statusCode();
    }

    private int brake(String token) {
        return server.send("POST", "/brakes", "text/plain", "x", "Authorization", "bearer " + token).statusCode();
    }

    private HttpResponse<String> page(String token) {
        return server.get("/page", "Authorization", "bearer " + token);
    }

    /// So many wrong tokens, each another one, that somebody is told that it is too much.
    private List<Future<Integer>> crowdOf(Function<String, Integer> ask) {
        var crowd = new ArrayList<Future<Integer>>();
        slow = true;
        for (var i = 0; i < 8; i++) {
            var wrong = "%048x".formatted(i);
            crowd.add(threads.submit(() -> ask.apply(wrong)));
        }
        Eventually.holds("the crowd fills every place it can have",
                () -> crowd.stream().filter(Future::isDone).count() == 8 - 2 * PLACES);
        return crowd;
    }

    /// Also of those that this process has never seen: each kind of request has its own.
    @Test
    void aCrowdWithWrongTokensInTheLineOfReportsKeepsNobodyWaitingWhoMayCall() throws Exception {
        assertEquals(200, report(CELL.text()));
        now = now.plus(TokenCache.KEPT_FOR);
        var crowd = crowdOf(this::report);
        assertEquals(200, report(CELL.text()), "the cell was heard before");
        assertEquals(200, brake(ADMINISTRATOR), "whose token is seen for the first time");
        assertEquals(200, page(ADMINISTRATOR).statusCode());
        assertEquals(200, report(ADMINISTRATOR), "and is familiar from now on");
        assertEquals(200, server.get("/public").statusCode());
        assertEquals(401, server.send("POST", "/report", "text/plain", "x").statusCode(), "nobody waits for nothing");
        found.countDown();
        var statuses = new ArrayList<Integer>();
        for (var each : crowd) {
            statuses.add(each.get());
        }
        assertEquals(List.of(401, 401, 401, 401, 503, 503, 503, 503), statuses.stream().sorted().toList());
    }

    @Test
    void whoHasGuessedTooOftenIsLookedUpApart() throws Exception {
        for (var i = 0; i <= GuessLimit.MAX_WRONG_PER_WINDOW; i++) {
            report("%048x".formatted(1000 + i));
        }
        var crowd = crowdOf(this::brake);
        var request = server.request("/brakes", "Authorization", "bearer " + ADMINISTRATOR)
                .POST(HttpRequest.BodyPublishers.noBody()).build();
        try (var elsewhere = HttpClient.newBuilder().localAddress(InetAddress.getByName("127.0.0.2")).build()) {
            assertEquals(200, elsewhere.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        }
        assertEquals(200, brake(ADMINISTRATOR), "which is familiar now, also from where somebody guesses");
        found.countDown();
        for (var each : crowd) {
            assertTrue(Set.of(429, 503).contains(each.get()), "but never 401 again");
        }
    }

    /// Their forms are shown to them again, so they are read: a body that never ends would hold a place of commands.
    @Test
    void whoIsNotSignedInAndLetsAFormDripKeepsNobodyFromTheBrakeOrFromPackages() throws Exception {
        try (var first = RawConnection.to(server.port()); var second = RawConnection.to(server.port())) {
            for (var each : List.of(first, second)) {
                each.send("POST /brakes HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + "Content-Length: 100\r\n\r\nwhy=");
            }
            Eventually.holds("their places are taken", () -> server.send("POST", "/brakes", "text/plain", "x")
                    .statusCode() == 503);
            assertEquals(200, brake(ADMINISTRATOR));
            assertEquals(200, server.get("/public").statusCode());
        }
    }

    @Test
    void aCrowdThatReadsWhatAnybodyMayLeavesThePagesOfWhoIsKnown() throws Exception {
        var signedIn = server.send("POST", "/sign-in", "application/x-www-form-urlencoded", "token=" + ADMINISTRATOR,
                "Sec-Fetch-Site", "same-origin").headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        var crowd = new ArrayList<Future<Integer>>();
        for (var i = 0; i < PLACES; i++) {
            crowd.add(threads.submit(() -> server.get("/costly").statusCode()));
        }
        Eventually.holds("every place of strangers is taken", () -> working.get() == PLACES);
        assertEquals(503, server.get("/public").statusCode());
        assertEquals(503, server.get("/public", "Cookie", signedIn.replaceAll(".$", "!")).statusCode(), "forged");
        assertEquals(200, server.get("/page", "Cookie", signedIn).statusCode());
        assertEquals(200, server.get("/public", "Cookie", signedIn).statusCode());
        assertEquals(200, page(ADMINISTRATOR).statusCode());
        done.countDown();
        for (var each : crowd) {
            assertEquals(200, each.get());
        }
    }

    @Test
    void aTokenIsLookedUpOnceAndAsksTheDatabaseNothingForAWhile() {
        assertEquals(200, report(CELL.text()));
        assertEquals(1, lookedUp.get());
        database.close();
        assertEquals(200, report(CELL.text()));
        assertEquals(1, lookedUp.get());
    }

    /// Familiar is a place to wait, and no right.
    @Test
    void whatWasTakenBackOpensNothingThoughItIsFamiliar() {
        assertEquals(200, brake(ADMINISTRATOR));
        database.transact(sql -> sql.execute("delete from access_token"));
        access.forgetTokens();
        assertEquals(401, brake(ADMINISTRATOR));
        assertFalse(page(ADMINISTRATOR).body().contains("done"));
    }
}
