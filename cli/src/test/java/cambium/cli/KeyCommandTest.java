package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandTest {
    private static final String KEYS = "/api/repositories/acme/shop/keys";
    private static final String TWO = """
            {"keys":[{"fingerprint":"AA","state":"in_use","origin":"made","created_at":"2026-11-21T12:00:00Z",
            "signs_until":null,"findings":[],"findings_in_a_year":[]},
            {"fingerprint":"BB","state":"leaving","origin":"imported","created_at":"2025-01-02T00:00:00Z",
            "signs_until":"2027-01-02T00:00:00Z","findings":[],
            "findings_in_a_year":[{"severity":"error","code":"expired","message":"the key expires"}]},
            {"fingerprint":"CC","state":"ended","origin":"made","created_at":"2024-01-02T00:00:00Z",
            "signs_until":"2025-01-02T00:00:00Z","findings":[],"findings_in_a_year":[]}]}""";

    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsKeys() {
        server.answer("GET " + KEYS, 200, TWO);
        assertEquals("""
                key  state    origin    made                     signs until
                AA   in use   made      2026-11-21 12:00:00 UTC
                BB   leaving  imported  2025-01-02 00:00:00 UTC  2027-01-02 00:00:00 UTC
                CC   ended    made      2024-01-02 00:00:00 UTC  2025-01-02 00:00:00 UTC
                """, operator.types("key", "list", "acme/shop").out());
    }

    @Test
    void lintEndsBadlyWhenAClientWillRefuseAKey() {
        server.answer("GET " + KEYS, 200, TWO);
        var result = operator.types("key", "lint", "acme/shop");
        assertEquals(1, result.code());
        assertEquals("""
                AA  every client accepts it, now and in a year
                BB
                  in a year  error: the key expires
                """, result.out());
    }

    @Test
    void importsWithThePassphraseOfAFileAndPrintsNothingOfIt() throws IOException {
        Files.writeString(folder.resolve("key.asc"), "secret key");
        Files.writeString(folder.resolve("phrase"), "correct horse\n");
        server.answer("POST " + KEYS, 201, "{\"fingerprint\":\"AA\"}");
        var here = new Operator(folder, Map.of("CAMBIUM_URL", server.url(), "CAMBIUM_KEY_PASSPHRASE", "no"), false);
        var result = here.types("key", "import", "acme/shop", "-f", "key.asc", "--passphrase-file", "phrase",
                "--grace", "0");
        assertEquals(List.of("POST " + KEYS
                + " {\"secret_key\":\"secret key\",\"passphrase\":\"correct horse\",\"grace\":\"PT0S\"}"),
                server.calls());
        assertEquals("key AA is in use now\n", result.out());
        here.types("key", "import", "acme/shop", "-f", "key.asc");
        assertTrue(server.calls().getLast().contains("\"passphrase\":\"no\""));
    }

    @Test
    void rotatesEndsAndExports() {
        server.answer("POST " + KEYS + "/rotate", 201, "{\"fingerprint\":\"BB\"}");
        server.answer("DELETE " + KEYS + "/AA", 200, "{\"fingerprint\":\"AA\"}");
        server.answer("GET /acme/shop/gpgkey", 200, "both\n");
        server.answer("GET " + KEYS + "/AA", 200, "one\n");
        assertEquals("key BB is in use now\n", operator.types("key", "rotate", "acme/shop", "--grace", "90d").out());
        assertEquals("key AA has ended\n", operator.types("key", "end", "acme/shop", "AA").out());
        assertEquals("both\n", operator.types("key", "export", "acme/shop").out());
        assertEquals("one\n", operator.types("key", "export", "acme/shop", "AA").out());
        assertEquals("POST " + KEYS + "/rotate {\"grace\":\"PT2160H\"}", server.calls().getFirst());
    }

    @Test
    void saysWhatIsMissing() {
        assertEquals(2, operator.types("key", "end", "acme/shop").code());
        assertEquals(2, operator.types("key", "import", "acme/shop").code());
        assertEquals(2, operator.types("key", "import", "acme/shop", "-f", "nowhere").code());
        assertEquals(2, operator.types("key", "rotate", "acme/shop", "--grace", "long").code());
        assertEquals(2, operator.types("key", "melt", "acme/shop").code());
        assertEquals(2, operator.types("key", "list", "shop").code());
        assertEquals(List.of(), server.calls());
    }
}
