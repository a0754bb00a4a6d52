package cambium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountCommandTest {
    private final RecordingServer server = new RecordingServer();
    private final Operator operator = Operator.at(server);

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void addsAnAccountWithRolesAndThePasswordOfAFile() throws IOException {
        server.answer("POST /api/accounts", 201, "{\"name\":\"vera\"}");
        Path file = Files.writeString(folder.resolve("password"), "correct horse\n");

        var result = operator.types("account", "add", "vera", "--email", "v@example.org", "--role", "ops", "--role",
                "read-only", "--password-file", file.toString());

        assertEquals(List.of("POST /api/accounts {\"name\":\"vera\",\"email\":\"v@example.org\","
                + "\"roles\":[\"ops\",\"read-only\"],\"password\":\"correct horse\"}"), server.calls());
        assertEquals("account vera is there\n", result.out());
    }

    @Test
    void showsAPasswordThatTheServerMade() {
        server.answer("POST /api/accounts", 201, "{\"name\":\"vera\",\"password\":\"made-up\"}");
        server.answer("PUT /api/accounts/vera/password", 200, "{\"password\":\"made again\"}");

        assertTrue(operator.types("account", "add", "vera", "--email", "v@example.org").out()
                .endsWith("password, shown this once: made-up\n"));
        assertTrue(operator.types("account", "password", "vera").out().endsWith("shown this once: made again\n"));
    }

    @Test
    void listsAndRemovesAccounts() {
        server.answer("GET /api/accounts", 200, "{\"accounts\":[{\"name\":\"vera\",\"email\":\"v@example.org\","
                + "\"roles\":[\"ops\",\"read-only\"]},{\"name\":\"wim\",\"email\":null,\"roles\":[\"ops\"]}]}");
        server.answer("DELETE /api/accounts/vera", 204, "");

        assertEquals("account  signs in with  roles\nvera     v@example.org  ops, read-only\n"
                        + "wim      OpenID         ops\n",
                operator.types("account").out());
        assertEquals(0, operator.types("account", "remove", "vera").code());
        assertEquals(2, operator.types("account", "remove").code());
        assertEquals(2, operator.types("account", "add", "vera").code(), "without an address");
        assertEquals(List.of("GET /api/accounts", "DELETE /api/accounts/vera"), server.calls());
    }

    @Test
    void addsAndRemovesOnesOwnTokens() {
        server.answer("GET /api/account", 200, "{\"name\":\"vera\"}");
        server.answer("POST /api/accounts/vera/tokens", 201,
                "{\"name\":\"ci\",\"value\":\"abc\",\"expires_at\":\"2027-01-01T00:00:00Z\"}");
        server.answer("DELETE /api/accounts/olaf/tokens/ci%202", 204, "");

        var added = operator.types("token", "add", "ci", "--days", "30");
        operator.types("token", "remove", "ci 2", "--account", "olaf");

        assertEquals("token ci of vera, until 2027-01-01T00:00:00Z; shown this once:\n  abc\n", added.out());
        assertEquals(List.of("GET /api/account",
                "POST /api/accounts/vera/tokens {\"name\":\"ci\",\"expires_in_days\":\"30\"}",
                "DELETE /api/accounts/olaf/tokens/ci%202"), server.calls());
    }

    @Test
    void addsADistribution() {
        server.answer("POST /api/distributions", 201, "{\"id\":10001}");

        var added = operator.types("distributions", "add", "debian/duke", "--type", "deb", "--number", "15");

        assertEquals("debian/duke is there, with the id 10001\n", added.out());
        assertEquals(List.of("POST /api/distributions {\"type\":\"deb\",\"distribution\":\"debian\","
                + "\"version\":\"duke\",\"version_number\":\"15\"}"), server.calls());
        assertEquals(2, operator.types("distributions", "add", "debian").code());
    }
}
