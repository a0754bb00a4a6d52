package cambium.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.testing.RawConnection;
import cambium.server.testing.TestServer;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nothing stands in front of the server, so it must itself refuse what a proxy and a server could frame differently.
class FramingTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final int CHUNK_BYTES = 1 << 16;
    private static final long GIGABYTE = 1L << 30;
    private static final AtomicInteger SERVED_SMUGGLED = new AtomicInteger();
    private static final AtomicInteger SERVED = new AtomicInteger();
    private static final List<Route> ROUTES = List.of(
            new Route(Method.GET, "/", Role.WEB, Permission.NONE, _ -> {
                SERVED.incrementAndGet();
                return Answer.text(200, "root");
            }),
            new Route(Method.GET, "/smuggled", Role.WEB, Permission.NONE, _ -> {
                SERVED_SMUGGLED.incrementAndGet();
                return Answer.text(200, "smuggled");
            }),
            new Route(Method.POST, "/", Role.WEB, Permission.NONE, call -> {
                SERVED.incrementAndGet();
                return Answer.text(200, "got " + call.body(1 << 20).length);
            }),
            new Route(Method.POST, "/who", Role.WEB, Permission.NONE, call -> {
                call.body(10);
                return Answer.text(200, call.header("Authorization").orElse("nobody") + " at " + call.host());
            }),
            new Route(Method.POST, "/unread", Role.WEB, Permission.NONE, _ -> {
                throw new Refused(400, "no", "not this");
            }));
    private static final TestServer SERVER = TestServer.of(ROUTES);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void reset() {
        SERVED_SMUGGLED.set(0);
        SERVED.set(0);
    }

    @Test
    void refusesEveryAmbiguousFramingAndClosesAndServesNothingBehindIt() throws Exception {
        var post = "POST / HTTP/1.1\r\nHost: h\r\n";
        var chunked = "5\r\nhello\r\n0\r\n\r\n";
        var heads = new LinkedHashMap<String, String>();
        heads.put("both lengths", post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked);
        heads.put("both lengths, other order",
                post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + chunked);
        heads.put("two lengths", post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab");
        heads.put("a list of lengths", post + "Content-Length: 1, 2\r\n\r\nab");
        heads.put("length below zero", post + "Content-Length: -1\r\n\r\n");
        heads.put("length with a sign", post + "Content-Length: +5\r\n\r\nhello");
        heads.put("length in hex", post + "Content-Length: 0x5\r\n\r\nhello");
        heads.put("length with a space inside", post + "Content-Length: 1 0\r\n\r\nhello");
        heads.put("length beyond a long", post + "Content-Length: 99999999999999999999\r\n\r\nhello");
        heads.put("unknown coding", post + "Transfer-Encoding: xchunked\r\n\r\n" + chunked);
        heads.put("chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n" + chunked);
        heads.put("chunked not last", post + "Transfer-Encoding: chunked, identity\r\n\r\n" + chunked);
        heads.put("two coding fields",
                post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + chunked);
        heads.put("coding with a tab", post + "Transfer-Encoding:\tx chunked\r\n\r\n" + chunked);
        heads.put("space before the colon", post + "Transfer-Encoding : chunked\r\n\r\n" + chunked);
        heads.put("bare LF in the head", "POST / HTTP/1.1\nHost: h\nContent-Length: 0\n\n");
        heads.put("bare LF after a field", post + "A: b\nContent-Length: 0\r\n\r\n");
        heads.put("bare CR in a field", post + "A: b\rC: d\r\nContent-Length: 0\r\n\r\n");
        heads.put("NUL in a field", post + "A: b\0c\r\nContent-Length: 0\r\n\r\n");
        heads.put("bare LF in a chunk", post + "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n");
        heads.put("chunk size beyond bounds", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello");
        heads.put("chunk size below zero", post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello");
        heads.put("folded field", post + "A: b\r\n c\r\nContent-Length: 0\r\n\r\n");
        heads.put("no Host", "GET / HTTP/1.1\r\n\r\n");
        heads.put("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        heads.put("bad Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n");
        heads.put("foreign absolute form", "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n");
        heads.put("user in absolute form", "GET http://me@h/ HTTP/1.1\r\nHost: h\r\n\r\n");
        heads.put("bad percent", "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n");
        heads.put("no such protocol", "GET / HTTQ/1.1\r\nHost: h\r\n\r\n");
        heads.put("HTTP/0.9", "GET /\r\n\r\n");
        for (var entry : heads.entrySet()) {
            try (var raw = RawConnection.to(SERVER.port())) {
                raw.send(entry.getValue() + SMUGGLED);
                var answer = raw.readToEnd();
                assertTrue(answer.startsWith("HTTP/1.1 400 ") || entry.getKey().equals("HTTP/0.9")
                        || entry.getKey().startsWith("no such") && answer.startsWith("HTTP/1.1 505 "),
                        entry.getKey() + ": " + answer);
                assertFalse(answer.contains("smuggled"), entry.getKey() + ": " + answer);
                assertFalse(answer.toLowerCase().contains("exception"), entry.getKey() + ": " + answer);
            }
        }
        assertEquals(0, SERVED_SMUGGLED.get());
    }

    @Test
    void takesWellFramedBodiesAndKeepsTheConnection() throws Exception {
        try (var raw = RawConnection.to(SERVER.port())) {
            raw.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n5;x=y\r\nhello\r\n0\r\n\r\n");
            raw.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
            raw.send("GET http://h/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            var answers = raw.readToEnd();
            assertTrue(answers.contains("got 5") && answers.contains("got 3") && answers.endsWith("root"), answers);
        }
    }

    @Test
    void closesAfterAConnectionCloseAndServesNoMore() throws Exception {
        try (var raw = RawConnection.to(SERVER.port())) {
            raw.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + SMUGGLED);
            assertFalse(raw.readToEnd().contains("smuggled"));
            assertEquals(0, SERVED_SMUGGLED.get());
        }
    }

    @Test
    void neverReadsAnUnreadBodyAsARequest() throws Exception {
        try (var raw = RawConnection.to(SERVER.port())) {
            raw.send("POST /unread HTTP/1.1\r\nHost: h\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n"
                    + SMUGGLED);
            assertTrue(raw.readToEnd().startsWith("HTTP/1.1 400 "));
            assertEquals(0, SERVED_SMUGGLED.get());
        }
    }

    /// Closing at once would reset the connection under whoever still sends.
    @Test
    void whoStillSendsWhenItIsRefusedReadsWhyAndIsNotListenedToForEver() throws Exception {
        var kibibyte = "a".repeat(1 << 10);
        try (var raw = RawConnection.to(SERVER.port())) {
            raw.send("POST /unread HTTP/1.1\r\nHost: h\r\nContent-Length: " + (300 << 10) + "\r\n\r\n");
            var head = raw.readUntil("\r\n\r\n");
            assertTrue(head.startsWith("HTTP/1.1 400 ") && head.contains("Connection: close"), head);
            for (var sent = 0; sent < 300; sent++) {
                raw.sendStrictly(kibibyte);
            }
            assertTrue(raw.readToEnd().contains("\"no\""));
        }
        try (var raw = RawConnection.to(SERVER.port())) {
            raw.send("POST /unread HTTP/1.1\r\nHost: h\r\nContent-Length: " + (1 << 30) + "\r\n\r\n");
            assertTrue(raw.readUntil("\r\n\r\n").startsWith("HTTP/1.1 400 "));
            assertThrows(SocketException.class, () -> {
                for (var sent = 0; sent < 1 << 20; sent++) {
                    raw.sendStrictly(kibibyte);
                }
            }, "a GiB is not taken");
        }
    }

    /// What comes after a body is no head, whatever it calls itself.
    @Test
    void takesNothingFromTrailers() throws Exception {
        var start = "POST /who HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n";
        try (var raw = RawConnection.to(SERVER.port())) {
            raw.send(start + "Authorization: Bearer x\r\nHost: other\r\nContent-Length: " + SMUGGLED.length()
                    + "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            var all = raw.readToEnd();
            assertTrue(all.startsWith("HTTP/1.1 200 ") && all.contains("nobody at h"), all);
            assertTrue(all.endsWith("root"), "the next request begins behind them: " + all);
        }
        for (var bad : List.of("A: " + "a".repeat(40 << 10) + "\r\n\r\n", "A: b\n\n", "A: b\r\n folded\r\n\r\n")) {
            try (var raw = RawConnection.to(SERVER.port())) {
                raw.send(start + bad + SMUGGLED);
                raw.readToEnd();
                assertEquals(0, SERVED_SMUGGLED.get(), bad.substring(0, 6));
            }
        }
    }

    @Test
    void boundsTheHeadAndTheAddress() throws Exception {
        assertStatus(431, "GET / HTTP/1.1\r\nHost: h\r\nA: " + "a".repeat(17 * 1024) + "\r\n\r\n");
        assertStatus(431, "GET / HTTP/1.1\r\nHost: h\r\n" + "A: b\r\n".repeat(3000) + "\r\n");
        assertStatus(414, "GET /" + "a".repeat(9 * 1024) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertStatus(414, "GET /?" + "a".repeat(9 * 1024) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertStatus(414, "GET /" + "a".repeat(40 * 1024) + " HTTP/1.1\r\nHost: h\r\n\r\n");
        assertStatus(417, "POST / HTTP/1.1\r\nHost: h\r\nExpect: wonders\r\nContent-Length: 1\r\n\r\na");
    }

    @Test
    void answersExpectContinueAndHttpOneZero() throws Exception {
        try (var raw = RawConnection.to(SERVER.port())) {
            raw.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                    + "Connection: close\r\n\r\n");
            assertTrue(raw.readUntil("\r\n\r\n").startsWith("HTTP/1.1 100 "));
            raw.send("ab");
            assertTrue(raw.readToEnd().contains("got 2"));
        }
        assertStatus(200, "GET / HTTP/1.0\r\n\r\n");
    }

    @Test
    void closesDrippingHeadsAndSilentPeersWhileOthersAreServed() throws Exception {
        var patient = HttpSettings.at("127.0.0.1", 0)
                .withPatience(Duration.ofMillis(400), Duration.ofSeconds(2), Duration.ofSeconds(30));
        try (var server = TestServer.of(ROUTES, _ -> Actor.ANONYMOUS, EnumSet.allOf(Role.class), patient);
                var dripping = RawConnection.to(server.port());
                var second = RawConnection.to(server.port());
                var silent = RawConnection.to(server.port())) {
            second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            second.readUntil("root");
            dripping.send("GET / HTTP/1.1\r\n");
            second.send("GET / HTTP/1.1\r\n");
            while (!dripping.isClosedByPeer() || !second.isClosedByPeer()) {
                dripping.trySend("A");
                second.trySend("B");
                assertEquals(200, server.get("/").statusCode());
            }
            while (!silent.isClosedByPeer()) {
                assertEquals(200, server.get("/").statusCode());
            }
        }
    }

    @Test
    void endsABodyThatDripsAndOneThatStops() throws Exception {
        var patient = HttpSettings.at("127.0.0.1", 0)
                .withPatience(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMillis(1200));
        try (var server = TestServer.of(ROUTES, _ -> Actor.ANONYMOUS, EnumSet.allOf(Role.class), patient);
                var dripping = RawConnection.to(server.port());
                var stopped = RawConnection.to(server.port())) {
            dripping.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n");
            stopped.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\nabc");
            while (!dripping.isClosedByPeer()) {
                dripping.trySend("A");
            }
            assertTrue(stopped.readToEnd().startsWith("HTTP/1.1 408 "));
        }
    }

    @Test
    void finishesWhatRunsWhenItStops() throws Exception {
        var arrived = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var slow = new Route(Method.GET, "/slow", Role.WEB, Permission.NONE, _ -> {
            arrived.countDown();
            goOn.await();
            return Answer.text(200, "finished");
        });
        var server = TestServer.of(List.of(slow));
        try (var raw = RawConnection.to(server.port())) {
            raw.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
            arrived.await();
            var stopping = Thread.ofVirtual().start(server::close);
            while (RawConnection.accepts(server.port())) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            assertTrue(raw.readToEnd().endsWith("finished"));
            stopping.join();
        }
    }

    private static void assertStatus(int status, String request) throws Exception {
        try (var raw = RawConnection.to(SERVER.port())) {
            raw.send(request + SMUGGLED);
            var answer = raw.readUntil("\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), status + ": " + answer);
        }
    }

    /// Whoever sends a gigabyte in chunks, and says no length, is stopped a little over the bound of the route.
    @Test
    void refusesABodyWithoutAnEndWhenItIsOverTheBoundAndHoldsNoneOfIt() throws Exception {
        var chunk = ("10000\r\n" + "x".repeat(CHUNK_BYTES) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        SERVER.get("/");
        var before = heapInUse();
        long sent = 0;
        try (var socket = new Socket("127.0.0.1", SERVER.port())) {
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            var in = socket.getInputStream();
            var out = socket.getOutputStream();
            out.write("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(
                    StandardCharsets.US_ASCII));
            try {
                while (sent < GIGABYTE && in.available() == 0) {
                    out.write(chunk);
                    sent += CHUNK_BYTES;
                }
            } catch (SocketException closed) {
                // The answer came before.
            }
            assertEquals("HTTP/1.1 413", new String(in.readNBytes(12), StandardCharsets.US_ASCII));
        }
        // What lies in the buffers of both sockets was sent, too.
        assertTrue(sent < GIGABYTE / 16, sent + " bytes were taken");
        assertTrue(heapInUse() - before < (8 << 20), "held from " + before + " to " + heapInUse() + " bytes");
        assertEquals("root", SERVER.get("/").body());
        assertEquals(3, SERVED.get(), "and nothing was served of what followed");
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
