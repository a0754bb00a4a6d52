package cambium.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.blob.BlobsUnavailable;
import cambium.server.config.Role;
import cambium.server.testing.Eventually;
import cambium.server.testing.RawConnection;
import cambium.server.testing.TestServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// More requests than can be worked on, and clients that take an answer more slowly than they may.
class OverloadTest {
    private static final int READS = 3;

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger working = new AtomicInteger();

    private Answer held(Call call) throws InterruptedException {
        working.incrementAndGet();
        release.await();
        return Answer.text(200, "done");
    }

    private static TestServer server(HttpSettings settings, Route... routes) {
        return TestServer.of(List.of(routes), _ -> Actor.allowedEverything("tester"), EnumSet.allOf(Role.class),
                settings);
    }

    private static Route route(Method method, String path, Role role, Handler handler) {
        return new Route(method, path, role, Permission.NONE, handler);
    }

    @Test
    void tellsWhoeverIsTooMuchAtOnceAndWorksOnForTheRest() throws Exception {
        var settings = HttpSettings.at("127.0.0.1", 0).withLimits(READS, 1, 1);
        try (var server = server(settings, route(Method.GET, "/read", Role.WEB, this::held),
                route(Method.POST, "/push", Role.UPLOAD, _ -> Answer.text(201, "stored")),
                route(Method.POST, "/brake", Role.COORDINATE, _ -> Answer.text(200, "pulled")),
                route(Method.GET, "/health/live", Role.WEB, _ -> Answer.text(200, "alive")));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<HttpResponse<String>>>();
            for (var i = 0; i < READS; i++) {
                answers.add(threads.submit(() -> server.get("/read")));
            }
            Eventually.holds("every place is taken", () -> working.get() == READS);
            var seconds = new TreeSet<String>();
            for (var i = 0; i < 20; i++) {
                var refused = server.get("/read");
                assertEquals(503, refused.statusCode(), "though nobody has let go of a place");
                assertTrue(refused.body().contains("\"overloaded\""), refused.body());
                seconds.add(refused.headers().firstValue("Retry-After").orElseThrow());
            }
            assertEquals(Set.of("2", "3", "4", "5", "6", "7"), seconds, "they do not come all at once");
            assertEquals(READS, working.get(), "what is refused begins no work");
            assertEquals(200, server.get("/health/live").statusCode());
            assertEquals(201, server.send("POST", "/push", "text/plain", "x").statusCode());
            assertEquals(200, server.send("POST", "/brake", "text/plain", "x").statusCode());
            release.countDown();
            for (var answer : answers) {
                assertEquals(200, answer.get().statusCode());
            }
            assertEquals(200, server.get("/read").statusCode(), "afterwards all is as before");
        }
    }

    /// Else a thousand cells that come back would keep the engineer on call from the brake.
    @Test
    void aCrowdOfCellsWaitsInALineOfItsOwnAndTakesNoPlaceOfReadsAndCommands() throws Exception {
        var settings = HttpSettings.at("127.0.0.1", 0).withLimits(1, 1, 1).withReports(1, 2, Duration.ofMinutes(5));
        var identified = new AtomicInteger();
        try (var server = TestServer.of(List.of(
                new Route(Method.POST, "/report", Role.WEB, Permission.REPORT_CELL, this::held),
                new Route(Method.POST, "/brakes", Role.WEB, Permission.BRAKE, _ -> Answer.text(201, "pulled")),
                route(Method.GET, "/read", Role.WEB, _ -> Answer.text(200, "shown"))), _ -> {
                    identified.incrementAndGet();
                    return Actor.allowedEverything("tester");
                }, EnumSet.allOf(Role.class), settings); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> server.send("POST", "/report", "text/plain", "x"));
            Eventually.holds("the first is worked on", () -> working.get() == 1);
            var more = new ArrayList<Future<HttpResponse<String>>>();
            for (var i = 0; i < 3; i++) {
                more.add(threads.submit(() -> server.send("POST", "/report", "text/plain", "x")));
            }
            Eventually.holds("the line is full", () -> more.stream().anyMatch(Future::isDone));
            assertEquals(503, more.stream().filter(Future::isDone).findFirst().orElseThrow().get().statusCode());
            assertEquals(1, identified.get(), "nobody asks who they are while they wait or when they are refused");
            assertEquals(201, server.send("POST", "/brakes", "text/plain", "x").statusCode());
            assertEquals(200, server.get("/read").statusCode());
            release.countDown();
            var statuses = new ArrayList<Integer>();
            statuses.add(first.get().statusCode());
            for (var each : more) {
                statuses.add(each.get().statusCode());
            }
            assertEquals(List.of(200, 200, 200, 503), statuses.stream().sorted().toList(), "whoever waits is answered");
        }
    }

    @Test
    void whoeverPullsABrakeTakesNoPlaceOfACrowdOfReaders() throws Exception {
        var settings = HttpSettings.at("127.0.0.1", 0).withLimits(1, 1, 1);
        try (var server = server(settings, route(Method.GET, "/read", Role.WEB, this::held),
                new Route(Method.POST, "/brakes", Role.WEB, Permission.BRAKE, _ -> Answer.text(201, "pulled")),
                new Route(Method.DELETE, "/brakes", Role.WEB, Permission.BRAKE, _ -> Answer.text(200, "released")));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var read = threads.submit(() -> server.get("/read"));
            Eventually.holds("every place of readers is taken", () -> working.get() == 1);
            assertEquals(503, server.get("/read").statusCode());
            assertEquals(201, server.send("POST", "/brakes", "text/plain", "x").statusCode());
            assertEquals(200, server.send("DELETE", "/brakes", "text/plain", "").statusCode());
            release.countDown();
            assertEquals(200, read.get().statusCode());
        }
    }

    @Test
    void aCellThatHasWaitedForLongEnoughIsToldToComeAgain() throws Exception {
        var settings = HttpSettings.at("127.0.0.1", 0).withReports(1, 2, Duration.ofMillis(50));
        try (var server = server(settings,
                new Route(Method.POST, "/report", Role.WEB, Permission.REPORT_CELL, this::held));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> server.send("POST", "/report", "text/plain", "x"));
            Eventually.holds("the first is worked on", () -> working.get() == 1);
            var second = server.send("POST", "/report", "text/plain", "x");
            assertEquals(503, second.statusCode());
            assertTrue(second.headers().firstValue("Retry-After").isPresent());
            release.countDown();
            assertEquals(200, first.get().statusCode());
            assertEquals(1, working.get(), "what is refused begins no work");
        }
    }

    @Test
    void givesAPlaceBackWhenAHandlerFails() {
        var settings = HttpSettings.at("127.0.0.1", 0).withLimits(1, 1, 1);
        try (var server = server(settings, route(Method.GET, "/fails", Role.WEB, _ -> {
            throw new IllegalStateException("a bug of the test");
        }))) {
            for (var i = 0; i < 5; i++) {
                assertEquals(500, server.get("/fails").statusCode());
            }
        }
    }

    @Test
    void endsAnAnswerThatIsTakenTooSlowly() throws Exception {
        var broken = new AtomicReference<Throwable>();
        var block = new byte[64 << 10];
        // Only the rate can end this: a silent client would be given ten minutes.
        var settings = new HttpSettings("127.0.0.1", 0, Optional.empty(), Duration.ofSeconds(10),
                Duration.ofMinutes(10), Duration.ofMillis(200), 1 << 20, Duration.ofSeconds(20),
                Admission.Limits.standard());
        try (var server = server(settings, route(Method.GET, "/large", Role.WEB,
                _ -> Answer.stream(200, "application/octet-stream", 1L << 40, (out, _, _) -> {
                    try {
                        while (true) {
                            out.write(block);
                        }
                    } catch (IOException e) {
                        broken.set(e);
                        throw e;
                    }
                }))); var raw = RawConnection.to(server.port())) {
            raw.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
            Eventually.holds("the connection is closed", () -> broken.get() != null);
        }
    }

    @Test
    void answersWithAnErrorWhatFailsBeforeItsFirstByte() {
        try (var server = TestServer.of(List.of(route(Method.GET, "/lost", Role.WEB,
                _ -> Answer.stream(200, "application/x-rpm", 1000, (_, _, _) -> {
                    throw new BlobsUnavailable("the bucket is away", new IOException());
                }).with("ETag", "\"tag\""))))) {
            var answer = server.get("/lost");
            assertEquals(503, answer.statusCode());
            assertTrue(answer.body().contains("blobs_unavailable"), answer.body());
            assertTrue(answer.headers().firstValue("ETag").isEmpty());
            assertTrue(answer.headers().firstValue("X-Request-Id").isPresent());
        }
    }
}
