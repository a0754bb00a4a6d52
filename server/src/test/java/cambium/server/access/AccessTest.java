package cambium.server.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.DataFolder;
import cambium.server.config.Role;
import cambium.server.config.StartRefused;
import cambium.server.http.Answer;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import cambium.server.testing.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
    private static final String CONFIGURED = "0123456789abcdef".repeat(3);
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir
    Path temp;

    private final SecureRandom random = new SecureRandom();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private DataFolder folder;
    private Database database;
    private Access access;
    private TestServer server;

    @BeforeEach
    void start() {
        folder = DataFolder.lock(temp);
        database = TestDatabase.fresh();
        access = access(MasterKey.of(folder, Optional.empty(), random), Set.of());
        var routes = new ArrayList<>(access.routes());
        routes.add(new Route(Method.GET, "/who", Role.WEB, Permission.READ_FLEET,
                call -> Answer.text(200, call.actor().name())));
        routes.add(new Route(Method.POST, "/change", Role.WEB, Permission.BRAKE,
                call -> Answer.text(200, call.actor().name())));
        server = TestServer.of(routes, access.authenticator());
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
        folder.close();
    }

    @Test
    void makesTheFirstTokenOnceAndStoresOnlyItsHash() throws Exception {
        var token = access.ensureAdministrator(folder, Optional.empty()).orElseThrow();
        assertTrue(token.matches("[0-9a-f]{48}"));
        assertEquals(Optional.empty(), access.ensureAdministrator(folder, Optional.empty()));
        var file = temp.resolve("admin-token");
        assertEquals(token, Files.readString(file).strip());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("master-key"))));
        var stored = database.read(sql -> sql.fetch("select * from access_token").toString());
        assertFalse(stored.contains(token));
        assertEquals("admin", who("Authorization", basic(token, "")));
        assertEquals("admin", who("Authorization", basic(token, "anything")));
        assertEquals("admin", who("Authorization", "bearer " + token));
    }

    @Test
    void replacesTheTokenWithAConfiguredOne() {
        var first = access.ensureAdministrator(folder, Optional.empty()).orElseThrow();
        access.ensureAdministrator(folder, Optional.of(CONFIGURED));
        access.ensureAdministrator(folder, Optional.of(CONFIGURED));
        assertEquals("admin", who("Authorization", basic(CONFIGURED, "")));
        assertEquals(401, server.get("/who", "Authorization", basic(first, "")).statusCode());
        for (var bad : new String[] {"", "abc", CONFIGURED.toUpperCase(), CONFIGURED + "0"}) {
            assertThrows(StartRefused.class, () -> access.ensureAdministrator(folder, Optional.of(bad)));
        }
    }

    @Test
    void refusesATokenThatWasTakenBackWithinSeconds() {
        access.ensureAdministrator(folder, Optional.of(CONFIGURED));
        assertEquals("admin", who("Authorization", basic(CONFIGURED, "")));
        database.transact(sql -> sql.execute("delete from access_token"));
        now = now.plus(TokenCache.KEPT_FOR);
        assertEquals(401, server.get("/who", "Authorization", basic(CONFIGURED, "")).statusCode());
    }

    @Test
    void refusesWrongTokensAndSlowsDownWhoeverGuesses() {
        access.ensureAdministrator(folder, Optional.of(CONFIGURED));
        var wrong = "f".repeat(48);
        assertEquals(401, server.get("/who", "Authorization", "Basic %%%").statusCode());
        assertEquals(401, server.get("/who", "Authorization", "Digest x").statusCode());
        for (var i = 2; i < GuessLimit.MAX_WRONG_PER_WINDOW; i++) {
            assertEquals(401, server.get("/who", "Authorization", basic(wrong, "")).statusCode());
        }
        var limited = server.get("/who", "Authorization", basic(wrong, ""));
        assertEquals(429, limited.statusCode());
        assertEquals("5", limited.headers().firstValue("Retry-After").orElse(""));
        now = now.plus(Duration.ofMinutes(1));
        assertEquals("admin", who("Authorization", basic(CONFIGURED, "")));
    }

    @Test
    void signsABrowserInAndOut() {
        access.ensureAdministrator(folder, Optional.of(CONFIGURED));
        var answer = server.send("POST", "/sign-in", FORM, "token=" + CONFIGURED + "&next=/cells/c1",
                "Sec-Fetch-Site", "same-origin");
        assertEquals(303, answer.statusCode());
        assertEquals("/cells/c1", answer.headers().firstValue("Location").orElse(""));
        var setCookie = answer.headers().firstValue("Set-Cookie").orElse("");
        assertTrue(setCookie.endsWith("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"), setCookie);
        assertFalse(setCookie.contains(CONFIGURED));
        var cookie = cookie(answer);
        assertEquals("admin", who("Cookie", "other=1; " + cookie));
        assertEquals(401, server.get("/who", "Cookie", cookie + "x").statusCode());
        now = now.plus(Sessions.SESSION);
        assertEquals(401, server.get("/who", "Cookie", cookie).statusCode());
        var out = server.send("POST", "/sign-out", FORM, "", "Sec-Fetch-Site", "same-origin");
        assertTrue(out.headers().firstValue("Set-Cookie").orElse("").startsWith("cambium_session=; "));
    }

    @Test
    void endsSessionsWithTheirToken() {
        access.ensureAdministrator(folder, Optional.of(CONFIGURED));
        var cookie = cookie(signIn("/"));
        access.ensureAdministrator(folder, Optional.of("a".repeat(48)));
        now = now.plus(TokenCache.KEPT_FOR);
        assertEquals(401, server.get("/who", "Cookie", cookie).statusCode());
    }

    @Test
    void wantsProofOfTheSameSiteForChangesWithACookie() {
        access.ensureAdministrator(folder, Optional.of(CONFIGURED));
        var cookie = cookie(signIn("/"));
        var own = "http://127.0.0.1:" + server.port();
        assertEquals(200, change("Cookie", cookie, "Sec-Fetch-Site", "same-origin"));
        assertEquals(200, change("Cookie", cookie, "Origin", own));
        assertEquals(403, change("Cookie", cookie));
        assertEquals(403, change("Cookie", cookie, "Sec-Fetch-Site", "cross-site"));
        assertEquals(403, change("Cookie", cookie, "Sec-Fetch-Site", "same-site"));
        assertEquals(403, change("Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", own));
        assertEquals(403, change("Cookie", cookie, "Origin", "http://evil.example"));
        assertEquals(403, change("Cookie", cookie, "Origin", "null"));
        assertEquals(200, change("Authorization", basic(CONFIGURED, ""), "Sec-Fetch-Site", "cross-site"));
        assertEquals(403, server.send("POST", "/sign-in", FORM, "token=" + CONFIGURED,
                "Sec-Fetch-Site", "cross-site").statusCode());
    }

    @Test
    void sendsNobodyToAnotherHostAfterSigningIn() {
        access.ensureAdministrator(folder, Optional.of(CONFIGURED));
        for (var next : new String[] {"//evil.example", "/%5Cevil.example", "https://evil.example", "evil",
                "/%0d%0aX:1",
                "/a%5cb"}) {
            assertEquals("/", signIn(next).headers().firstValue("Location").orElse(""), next);
        }
        var page = server.get("/sign-in?next=/%22onload=x").body();
        assertFalse(page.contains("\"onload"), page);
    }

    @Test
    void linksSignInOnce() {
        access.ensureAdministrator(folder, Optional.of(CONFIGURED));
        var made = server.send("POST", "/api/access/sign-in-links", FORM, "", "Authorization", basic(CONFIGURED, ""));
        assertEquals(201, made.statusCode());
        var link = made.body().replaceAll(".*\"url\":\"http://[^/]*([^\"]*)\".*", "$1");
        var first = server.get(link);
        assertEquals(303, first.statusCode());
        assertEquals("admin", who("Cookie", cookie(first)));
        assertEquals(403, server.get(link).statusCode());
        var old = access.administratorLink(folder, "").orElseThrow();
        now = now.plus(Sessions.LINK);
        assertEquals(403, server.get(old).statusCode());
        assertEquals(403, server.get("/sign-in?ticket=abc.def").statusCode());
    }

    @Test
    void letsAnyoneReadTheFleetWhereThatIsSo() {
        var welcoming = access(MasterKey.of(folder, Optional.empty(), random), EnumSet.of(Permission.READ_FLEET));
        var route = new Route(Method.GET, "/who", Role.WEB, Permission.READ_FLEET,
                call -> Answer.text(200, call.actor().name()));
        try (var open = TestServer.of(List.of(route), welcoming.authenticator())) {
            assertEquals("anonymous", open.get("/who").body());
        }
    }

    @Test
    void sealsForOnePurposeWithOneKey() {
        var key = MasterKey.of(folder, Optional.empty(), random);
        var plain = "a private key".getBytes(StandardCharsets.UTF_8);
        var sealed = key.seal("signing", plain);
        assertArrayEquals(plain, key.open("signing", sealed));
        assertArrayEquals(plain, MasterKey.of(folder, Optional.empty(), random).open("signing", sealed));
        assertThrows(IllegalStateException.class, () -> key.open("other", sealed));
        sealed[sealed.length - 1] ^= 1;
        assertThrows(IllegalStateException.class, () -> key.open("signing", sealed));
        assertThrows(IllegalStateException.class, () -> key.open("signing", new byte[5]));
        assertNotEquals(HexFormat.of().formatHex(key.subkey("a")),
                HexFormat.of().formatHex(key.subkey("b")));
        assertFalse(key.toString().matches(".*[0-9a-f]{16}.*"));
    }

    @Test
    void refusesADatabaseOfAnotherMasterKey() {
        var other = MasterKey.of(folder, Optional.of("b".repeat(64)), random);
        assertThrows(StartRefused.class, () -> access(other, Set.of()));
        assertThrows(StartRefused.class, () -> MasterKey.of(folder, Optional.of("xyz"), random));
    }

    private Access access(MasterKey key, Set<Permission> anonymousMay) {
        return new Access(database, key, anonymousMay, OtherTokens.NONE, new PlainSignInPage(),
                Optional.empty(), random, () -> now);
    }

    private HttpResponse<String> signIn(String next) {
        return server.send("POST", "/sign-in", FORM, "token=" + CONFIGURED + "&next=" + next,
                "Sec-Fetch-Site", "same-origin");
    }

    private int change(String... headers) {
        return server.send("POST", "/change", FORM, "", headers).statusCode();
    }

    private String who(String... headers) {
        return server.get("/who", headers).body();
    }

    private static String cookie(HttpResponse<?> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
