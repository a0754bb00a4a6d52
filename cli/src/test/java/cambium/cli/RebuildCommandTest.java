package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RebuildCommandTest {
    private static final String PATH = "/api/repositories/acme/shop/rebuild";
    private static final String UNDER_WAY = """
            {"channels":[{"suite":"debian/bookworm","ring":null,"done_at":null,"generation":null,"views":0,
            "differing":[],"failure":null}]}""";
    private static final String DONE = """
            {"channels":[{"suite":"debian/bookworm","ring":null,"done_at":"2026-11-22T03:00:00Z","generation":7,
            "views":2,"differing":[],"failure":null},
            {"suite":"debian/bookworm","ring":1,"done_at":"2026-11-22T03:00:00Z","generation":3,
            "views":1,"differing":[],"failure":null}]}""";

    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void waitsUntilAllIsMade() {
        server.answer("POST " + PATH, 202, UNDER_WAY);
        server.answer("GET " + PATH, 200, UNDER_WAY);
        server.answer("GET " + PATH, 200, DONE);
        var result = operator.types("rebuild", "acme/shop");
        assertEquals(0, result.code());
        assertEquals("""
                suite            ring  generation  indexes  outcome
                debian/bookworm        7           2        the same bytes
                debian/bookworm  1     3           1        the same bytes
                """, result.out());
    }

    @Test
    void endsBadlyWhereOtherBytesWereServed() {
        server.answer("POST " + PATH, 202, UNDER_WAY);
        server.answer("GET " + PATH, 200,
                DONE.replaceFirst("\"differing\":\\[]", "\"differing\":[\"packages/amd64\"]"));
        var result = operator.types("rebuild", "acme/shop");
        assertEquals(1, result.code());
        assertTrue(result.out().lines().toList().get(1).endsWith("  mended: packages/amd64"), result.out());
    }

    @Test
    void needsNotWait() {
        server.answer("POST " + PATH, 202, UNDER_WAY);
        var result = operator.types("rebuild", "--no-wait", "acme/shop");
        assertEquals(0, result.code());
        assertTrue(result.out().endsWith("  under way\n"), result.out());
    }
}
