package cambium.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.config.DataFolder;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Json;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {
    private static final String ADMIN = "0123456789abcdef".repeat(3);
    private static final String PASSWORD = "correct horse: battery é";
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir
    Path temp;

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private DataFolder folder;
    private Database database;
    private Access access;
    private TestServer server;

    @BeforeEach
    void start() {
        folder = DataFolder.lock(temp);
        database = TestDatabase.fresh();
        var random = new SecureRandom();
        access = new Access(database, MasterKey.of(folder, Optional.empty(), random), Set.of(), OtherTokens.NONE,
                new PlainSignInPage(), Optional.empty(), random, () -> now);
        access.ensureAdministrator(folder, Optional.of(ADMIN));
        var routes = new ArrayList<>(access.routes());
        for (var permission : List.of(Permission.READ_REPOSITORY, Permission.PUSH, Permission.BRAKE,
                Permission.MANAGE_FLEET, Permission.MANAGE_ACCOUNTS)) {
            routes.add(new Route(Method.GET, "/may/" + permission.name(), Role.WEB, permission,
                    call -> Answer.text(200, call.actor().name())));
        }
        server = TestServer.of(routes, access.authenticator());
    }

    @AfterEach
    void stop() {
        server.close();
        database.close();
        folder.close();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> as(String token, String method, String path, String json) {
        return server.send(method, path, "application/json", json, "Authorization", "Bearer " + token);
    }

    private JsonNode done(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private void add(String name, String role) {
        done(201, as(ADMIN, "POST", "/api/accounts", "{\"name\":\"" + name + "\",\"email\":\"" + name
                + "@Example.org\",\"password\":\"" + PASSWORD + "\",\"roles\":[\"" + role + "\"]}"));
    }

    private HttpResponse<String> tokenFor(String email, String password) {
        return server.get("/api/v1/token.json", "Authorization", basic(email, password));
    }

    private String token(String name) {
        return done(200, tokenFor(name + "@example.org", PASSWORD)).path("token").textValue();
    }

    private int may(String token, Permission permission) {
        return server.get("/may/" + permission, "Authorization", basic(token, "")).statusCode();
    }

    @Test
    void givesATokenForEmailAndPassword() {
        add("vera", "release-manager");
        var token = token("vera");
        assertTrue(token.matches("[0-9a-f]{48}"));
        assertEquals(token, token("VERA"), "the same again, and the e-mail in any case");
        assertEquals("vera", server.get("/may/PUSH", "Authorization", basic(token, "")).body());
        for (var answer : List.of(tokenFor("vera@example.org", "wrong password"), tokenFor("nobody@example.org", "x"),
                server.get("/api/v1/token.json"), tokenFor(ADMIN, ""))) {
            assertEquals(401, answer.statusCode());
            assertTrue(answer.body().contains("{\"error\":\"Unauthenticated\""), answer.body());
        }
        var rows = database.read(sql -> sql.fetchSingle("select t::text || a::text from account a "
                + "join access_token t on t.account_id = a.id").get(0, String.class));
        assertFalse(rows.contains(token) || rows.contains(PASSWORD), rows);
        assertTrue(rows.contains("$argon2id$v=19$m=19456,t=2,p=1$"), rows);
    }

    @Test
    void eachRoleMayWhatItsRowSays() {
        add("vera", "release-manager");
        add("olaf", "engineer-on-call");
        add("rita", "read-only");
        add("adam", "administrator");
        assertEquals("200 200 403 403 403", verdicts(token("vera")));
        assertEquals("200 403 200 403 403", verdicts(token("olaf")));
        assertEquals("200 403 403 403 403", verdicts(token("rita")));
        assertEquals("200 200 200 200 200", verdicts(token("adam")));
        database.transact(sql -> sql.execute("update access_role set permissions = '{BRAKE,UNKNOWN}' "
                + "where name = 'read-only'"));
        access.forgetTokens();
        assertEquals("403 403 200 403 403", verdicts(token("rita")), "roles are data");
        done(200, as(ADMIN, "PUT", "/api/accounts/rita/roles", "{\"roles\":[\"ops\",\"release-manager\"]}"));
        access.forgetTokens();
        assertEquals("200 200 403 200 403", verdicts(token("rita")));
        assertEquals(422, as(ADMIN, "PUT", "/api/accounts/rita/roles", "{\"roles\":[\"boss\"]}").statusCode());
    }

    private String verdicts(String token) {
        return String.join(" ", List.of(Permission.READ_REPOSITORY, Permission.PUSH, Permission.BRAKE,
                Permission.MANAGE_FLEET, Permission.MANAGE_ACCOUNTS).stream()
                .map(permission -> Integer.toString(may(token, permission))).toList());
    }

    @Test
    void namedTokensEndByTimeAndByRevocation() {
        add("vera", "read-only");
        var own = token("vera");
        var made = done(201, as(own, "POST", "/api/accounts/vera/tokens", "{\"name\":\"ci\",\"expires_in_days\":2}"));
        var value = made.path("value").textValue();
        assertEquals("2026-11-23T12:00:00Z", made.path("expires_at").textValue());
        assertEquals(200, may(value, Permission.READ_REPOSITORY));
        assertEquals(409, as(own, "POST", "/api/accounts/vera/tokens", "{\"name\":\"ci\"}").statusCode());
        assertEquals(422, as(own, "POST", "/api/accounts/vera/tokens", "{\"name\":\"default\"}").statusCode());
        assertEquals(422, as(own, "POST", "/api/accounts/vera/tokens", "{\"name\":\"x\",\"expires_in_days\":99999}")
                .statusCode());
        var listed = server.get("/api/accounts/vera/tokens", "Authorization", basic(own, "")).body();
        assertTrue(listed.contains("\"name\":\"ci\"") && !listed.contains(value), listed);
        now = now.plus(Duration.ofDays(2));
        assertEquals(401, may(value, Permission.READ_REPOSITORY), "also where it is remembered");
        assertEquals(200, may(own, Permission.READ_REPOSITORY));
        var second = done(201, as(own, "POST", "/api/accounts/vera/tokens", "{\"name\":\"ci 2\"}")).path("value");
        assertEquals(200, may(second.textValue(), Permission.READ_REPOSITORY));
        assertEquals(204, as(own, "DELETE", "/api/accounts/vera/tokens/ci%202", "").statusCode());
        access.forgetTokens();
        assertEquals(401, may(second.textValue(), Permission.READ_REPOSITORY));
        assertEquals(404, as(own, "DELETE", "/api/accounts/vera/tokens/ci%202", "").statusCode());
    }

    @Test
    void anAccountManagesOnlyItself() {
        add("vera", "release-manager");
        add("olaf", "engineer-on-call");
        var vera = token("vera");
        assertEquals(403, server.get("/api/accounts", "Authorization", basic(vera, "")).statusCode());
        assertEquals(403, as(vera, "POST", "/api/accounts", "{}").statusCode());
        assertEquals(403, as(vera, "DELETE", "/api/accounts/olaf", "").statusCode());
        assertEquals(403, as(vera, "POST", "/api/accounts/olaf/tokens", "{\"name\":\"x\"}").statusCode());
        assertEquals(403, as(vera, "PUT", "/api/accounts/vera/roles", "{\"roles\":[\"administrator\"]}").statusCode());
        assertEquals(403, as(vera, "PUT", "/api/accounts/vera/password", "{\"password\":\"another password\"}")
                .statusCode(), "without the old one");
        assertEquals(401, server.get("/api/accounts/vera/tokens").statusCode());
        assertEquals(401, server.get("/api/account").statusCode());
        assertEquals("{\"name\":\"vera\",\"roles\":[\"release-manager\"],\"permissions\":[\"read_repository\",\"push\","
                + "\"manage_repository\",\"read_fleet\",\"deploy\",\"rollback\",\"inside_perimeter\"]}",
                server.get("/api/account", "Authorization", basic(vera, "")).body());
    }

    @Test
    void aNewPasswordEndsSessionsAndTheTokenThatTheOldOneGave() {
        add("vera", "release-manager");
        var token = token("vera");
        var named = done(201, as(token, "POST", "/api/accounts/vera/tokens", "{\"name\":\"ci\"}")).path("value")
                .textValue();
        var cookie = signIn("vera@example.org", PASSWORD).headers().firstValue("Set-Cookie").orElseThrow()
                .split(";")[0];
        assertEquals("vera", server.get("/may/PUSH", "Cookie", cookie).body());
        done(200, as(token, "PUT", "/api/accounts/vera/password",
                "{\"current\":\"" + PASSWORD + "\",\"password\":\"another password\"}"));
        access.forgetTokens();
        assertEquals(401, may(token, Permission.PUSH));
        assertEquals(401, server.get("/may/PUSH", "Cookie", cookie).statusCode());
        assertEquals(200, may(named, Permission.PUSH));
        assertEquals(401, tokenFor("vera@example.org", PASSWORD).statusCode());
        assertNotEquals(token, done(200, tokenFor("vera@example.org", "another password")).path("token").textValue());
    }

    @Test
    void signsInWithThePageAndOut() {
        add("vera", "release-manager");
        assertEquals(401, signIn("vera@example.org", "wrong").statusCode());
        var in = signIn("vera@example.org", PASSWORD);
        assertEquals(303, in.statusCode());
        var cookie = in.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        assertEquals("vera", server.get("/may/PUSH", "Cookie", cookie).body());
        server.send("POST", "/sign-out", FORM, "", "Sec-Fetch-Site", "same-origin", "Cookie", cookie);
        access.forgetTokens();
        assertEquals(401, server.get("/may/PUSH", "Cookie", cookie).statusCode(), "a copied cookie ends, too");
        assertTrue(server.get("/sign-in").body().contains("name=\"token\""));
        assertTrue(server.get("/sign-in").body().contains("name=\"email\""));
    }

    private HttpResponse<String> signIn(String email, String password) {
        return server.send("POST", "/sign-in", FORM, "email=" + email.replace("@", "%40") + "&password="
                + java.net.URLEncoder.encode(password, StandardCharsets.UTF_8), "Sec-Fetch-Site", "same-origin");
    }

    @Test
    void removedAccountsOpenNothing() {
        add("vera", "administrator");
        var token = token("vera");
        assertEquals(200, may(token, Permission.MANAGE_ACCOUNTS));
        assertEquals(204, as(ADMIN, "DELETE", "/api/accounts/vera", "").statusCode());
        access.forgetTokens();
        assertEquals(401, may(token, Permission.READ_REPOSITORY));
        assertEquals(401, tokenFor("vera@example.org", PASSWORD).statusCode());
        assertEquals(404, as(ADMIN, "DELETE", "/api/accounts/vera", "").statusCode());
    }

    @Test
    void refusesBadAccounts() {
        add("vera", "read-only");
        for (var bad : List.of("{\"name\":\"admin\",\"email\":\"a@b\"}", "{\"name\":\"A b\",\"email\":\"a@b\"}",
                "{\"name\":\"olaf\",\"email\":\"ab\"}", "{\"name\":\"olaf\",\"email\":\"a@b\",\"password\":\"short\"}",
                "{\"name\":\"olaf\",\"email\":\"a@b\",\"roles\":[\"boss\"]}")) {
            assertEquals(422, as(ADMIN, "POST", "/api/accounts", bad).statusCode(), bad);
        }
        assertEquals(409, as(ADMIN, "POST", "/api/accounts", "{\"name\":\"olaf\",\"email\":\"Vera@EXAMPLE.org\"}")
                .statusCode());
        var invented = done(201, as(ADMIN, "POST", "/api/accounts", "{\"name\":\"olaf\",\"email\":\"o@b.c\"}"));
        assertEquals(200, tokenFor("o@b.c", invented.path("password").textValue()).statusCode());
        assertEquals(2, done(200, server.get("/api/accounts", "Authorization", basic(ADMIN, ""))).path("accounts")
                .size());
    }

    @Test
    void slowsDownWhoeverGuessesPasswords() {
        add("vera", "read-only");
        for (var i = 0; i < GuessLimit.MAX_WRONG_PER_WINDOW; i++) {
            assertEquals(401, tokenFor("", "guess").statusCode());
        }
        assertEquals(429, tokenFor("vera@example.org", PASSWORD).statusCode());
        now = now.plus(Duration.ofMinutes(1));
        assertEquals(200, tokenFor("vera@example.org", PASSWORD).statusCode());
    }
}
