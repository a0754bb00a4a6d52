package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyCommandTest {
    private static final String PATH = "/api/repositories/acme/shop/policy";
    private static final String STRICT = """
            {"signatures":"known","digests":"strong","sources":false,"architectures":["aarch64","x86_64"]}""";

    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void setsTheWholePolicyAndShowsWhatHolds() {
        server.answer("PUT " + PATH, 200, STRICT);
        var result = operator.types("policy", "set", "acme/shop", "--signatures", "known", "--digests", "strong",
                "--no-sources", "--architectures", "x86_64,aarch64");
        assertEquals(0, result.code(), result.err());
        assertEquals("""
                what                asked
                signatures of rpms  known
                digests of rpms     strong
                source packages     refused
                architectures       aarch64, x86_64
                """, result.out());
        assertEquals("{\"signatures\":\"known\",\"digests\":\"strong\",\"sources\":\"false\","
                + "\"architectures\":\"x86_64,aarch64\"}", server.asked().getLast().body());
    }

    @Test
    void showsAndEnds() {
        server.answer("GET " + PATH, 200, STRICT);
        assertEquals(STRICT.strip(), operator.types("policy", "show", "acme/shop", "--json").out().strip());
        server.answer("DELETE " + PATH, 200, "{}");
        assertEquals("acme/shop takes every sound package\n", operator.types("policy", "end", "acme/shop").out());
    }

    @Test
    void refusesUnknownWordsBeforeItAsksTheServer() {
        assertEquals(2, operator.types("policy", "set", "acme/shop", "--signatures", "some").code());
        var result = operator.types("policy", "show", "shop");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("'shop' is not a repository"), result.err());
    }
}
