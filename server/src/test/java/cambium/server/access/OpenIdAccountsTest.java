package cambium.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.access.openid.OpenIdSignIn;
import cambium.server.access.openid.WilfulIssuer;
import cambium.server.config.DataFolder;
import cambium.server.config.Role;
import cambium.server.config.StartRefused;
import cambium.server.http.Answer;
import cambium.server.http.Json;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import cambium.server.testing.TestDatabase;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Accounts of an OpenID provider beside those of this server.
class OpenIdAccountsTest {
    private static final String ADMIN = "0123456789abcdef".repeat(3);
    private static final String JSON = "application/json";

    @TempDir
    Path temp;

    private Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private WilfulIssuer there;
    private OpenIdSignIn openId;
    private DataFolder folder;
    private Database database;
    private Access access;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        folder = DataFolder.lock(temp);
        database = TestDatabase.fresh();
        there = new WilfulIssuer();
        openId = new OpenIdSignIn(there.settings(Map.of("delivery", "release-manager", "oncall", "engineer-on-call")),
                new SecureRandom(), () -> now);
        access = access(openId);
        access.ensureAdministrator(folder, Optional.of(ADMIN));
        var routes = new ArrayList<>(access.routes());
        for (var permission : List.of(Permission.READ_FLEET, Permission.PUSH, Permission.BRAKE)) {
            routes.add(new Route(Method.GET, "/may/" + permission.name(), Role.WEB, permission,
                    call -> Answer.text(200, call.actor().name())));
        }
        server = TestServer.of(routes, access.authenticator());
    }

    private Access access(OpenIdSignIn provider) {
        return new Access(database, MasterKey.of(folder, Optional.empty(), new SecureRandom()), Set.of(),
                OtherTokens.NONE, new PlainSignInPage(), Optional.of(provider), new SecureRandom(), () -> now);
    }

    @AfterEach
    void stop() {
        server.close();
        openId.close();
        there.close();
        database.close();
        folder.close();
    }

    private record Begun(String cookie, URI address) {}

    private Begun begin(String next) {
        var answer = server.get("/sign-in/openid?next=" + next);
        assertEquals(303, answer.statusCode(), answer.body());
        return new Begun(setCookie(answer).split(";")[0], URI.create(answer.headers().firstValue("Location").get()));
    }

    private HttpResponse<String> comeBack(String cookie, Map<String, String> query) {
        var text = query.entrySet().stream().map(entry -> entry.getKey() + "="
                + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
        return server.get("/sign-in/openid/callback?" + text, "Cookie", cookie, "Sec-Fetch-Site", "cross-site");
    }

    private HttpResponse<String> signIn() {
        var begun = begin("/cells/c1");
        return comeBack(begun.cookie(), there.signIn(begun.address()));
    }

    private String session() {
        var answer = signIn();
        assertEquals(200, answer.statusCode(), answer.body());
        return setCookie(answer).split(";")[0];
    }

    private static String setCookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElse("");
    }

    private int may(String cookie, Permission permission) {
        return server.get("/may/" + permission, "Cookie", cookie).statusCode();
    }

    private HttpResponse<String> asAdmin(String method, String path, String json) {
        return server.send(method, path, JSON, json, "Authorization", "Bearer " + ADMIN);
    }

    private JsonNode accounts() {
        return Json.read(asAdmin("GET", "/api/accounts", "").body().getBytes(StandardCharsets.UTF_8)).path("accounts");
    }

    private void groups(String... groups) {
        there.claims = claims -> claims.claim("groups", List.of(groups));
    }

    private void tellsItsName(String subject, String name) {
        there.claims = claims -> claims.subject(subject).claim("preferred_username", name);
    }

    @Test
    void makesAnAccountAtTheFirstSignInAndLeadsToThePageAskedFor() {
        assertTrue(server.get("/sign-in").body().contains("Example"));
        var answer = signIn();
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("href=\"/cells/c1\""), answer.body());
        assertTrue(setCookie(answer).endsWith("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"));
        var cookie = setCookie(answer).split(";")[0];
        assertEquals("vera", server.get("/may/PUSH", "Cookie", cookie).body());
        assertEquals(403, may(cookie, Permission.BRAKE));
        var account = accounts().get(0);
        assertEquals("vera", account.path("name").textValue());
        assertEquals("[\"release-manager\"]", account.path("roles").toString());
        assertEquals("4711", account.path("identity").path("subject").textValue());
        assertTrue(account.path("email").isNull());
        var stored = database.read(sql -> sql.fetch("select * from access_token").toString());
        assertFalse(stored.contains("eyJ"), "the ID token is kept sealed");
    }

    @Test
    void givesEachSignInASessionOfItsOwnThatEnds() {
        var first = session();
        assertNotEquals(first, session());
        assertEquals(1, accounts().size());
        now = now.plus(Sessions.SESSION);
        assertEquals(401, may(first, Permission.READ_FLEET));
    }

    @Test
    void refusesWhomNoGroupGivesARole() {
        groups("visitors");
        var answer = signIn();
        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("it tells of the group visitors"), answer.body());
        assertEquals("", setCookie(answer));
        assertEquals(0, accounts().size());
    }

    @Test
    void takesOtherGroupsUpAtTheNextSignInAndRightsAwayFromWhomNoneIsLeft() {
        var first = session();
        var token = Json.read(server.send("POST", "/api/accounts/vera/tokens", JSON, "{\"name\":\"laptop\"}", "Cookie",
                first, "Sec-Fetch-Site", "same-origin").body().getBytes(StandardCharsets.UTF_8))
                .path("value").textValue();
        groups("oncall");
        var second = session();
        for (var cookie : List.of(first, second)) {
            access.forgetTokens();
            assertEquals(403, may(cookie, Permission.PUSH));
            assertEquals(200, may(cookie, Permission.BRAKE));
        }
        groups();
        assertEquals(403, signIn().statusCode());
        access.forgetTokens();
        assertEquals(401, may(second, Permission.READ_FLEET), "sessions have ended");
        assertEquals(403, server.get("/may/BRAKE", "Authorization", "Bearer " + token).statusCode());
        groups("oncall");
        assertEquals(200, may(session(), Permission.BRAKE));
    }

    @Test
    void letsPeopleMakeTokensOfTheirOwnOnAPage() {
        assertEquals("/sign-in?next=/app/tokens", server.get("/app/tokens").headers().firstValue("Location").get());
        var cookie = session();
        var made = form("/app/tokens", "name=laptop&expires_in_days=7", "Cookie", cookie, "Sec-Fetch-Site",
                "same-origin");
        assertEquals(201, made.statusCode());
        var value = made.body().replaceAll("(?s).*<code>([0-9a-f]{48})</code>.*", "$1");
        assertEquals("vera", server.get("/may/PUSH", "Authorization", "Bearer " + value).body());
        var page = server.get("/app/tokens", "Cookie", cookie).body();
        assertTrue(page.contains("laptop"), page);
        assertFalse(page.contains(value), "never again");
        assertEquals(409, form("/app/tokens", "name=laptop", "Cookie", cookie, "Sec-Fetch-Site", "same-origin")
                .statusCode());
        assertEquals(422, form("/app/tokens", "name=x&expires_in_days=0", "Cookie", cookie, "Sec-Fetch-Site",
                "same-origin").statusCode());
        for (var path : List.of("/app/tokens", "/app/tokens/remove")) {
            assertEquals(403, form(path, "name=laptop", "Cookie", cookie, "Sec-Fetch-Site", "cross-site").statusCode());
            assertEquals(401, form(path, "name=laptop").statusCode());
        }
        assertEquals("<p>no account: admin</p>", server.get("/app/tokens", "Authorization", "Bearer " + ADMIN).body());
        assertEquals(404, form("/app/tokens", "name=laptop", "Authorization", "Bearer " + ADMIN).statusCode());
        assertEquals(200, server.get("/may/PUSH", "Authorization", "Bearer " + value).statusCode());
        form("/app/tokens/remove", "name=laptop", "Cookie", cookie, "Sec-Fetch-Site", "same-origin");
        access.forgetTokens();
        assertEquals(401, server.get("/may/PUSH", "Authorization", "Bearer " + value).statusCode());
    }

    private HttpResponse<String> form(String path, String fields, String... headers) {
        return server.send("POST", path, "application/x-www-form-urlencoded", fields, headers);
    }

    @Test
    void endsTheRightsOfTokensWhoseOwnerDoesNotSignInAnyMore() {
        var token = Json.read(server.send("POST", "/api/accounts/vera/tokens", JSON, "{\"name\":\"laptop\"}", "Cookie",
                session(), "Sec-Fetch-Site", "same-origin").body().getBytes(StandardCharsets.UTF_8))
                .path("value").textValue();
        now = now.plus(Duration.ofDays(30)).minusSeconds(5);
        assertEquals(200, server.get("/may/PUSH", "Authorization", "Bearer " + token).statusCode());
        now = now.plusSeconds(5);
        assertEquals(401, server.get("/may/PUSH", "Authorization", "Bearer " + token).statusCode());
    }

    @Test
    void neverTakesOverAnAccountOfTheSameNameOrEmail() {
        asAdmin("POST", "/api/accounts", "{\"name\":\"vera\",\"email\":\"vera@example.org\",\"password\":"
                + "\"correct horse battery\",\"roles\":[\"read-only\"]}");
        there.claims = claims -> claims.claim("email", "vera@example.org").claim("email_verified", true);
        var answer = signIn();
        assertEquals(409, answer.statusCode());
        assertTrue(answer.body().contains("another account"), answer.body());
        assertEquals("", setCookie(answer));
        assertEquals(1, accounts().size());
        assertEquals("[\"read-only\"]", accounts().get(0).path("roles").toString());
        for (var name : List.of("admin", "ADMIN", "anonymous")) {
            tellsItsName("4711", name);
            assertEquals(403, signIn().statusCode(), name);
        }
        assertEquals(1, accounts().size());
    }

    @Test
    void knowsPeopleByIssuerAndSubjectAndKeepsTheirFirstName() {
        tellsItsName("1", "Vera.B@example.org");
        session();
        assertEquals("vera.b-example.org", accounts().get(0).path("name").textValue());
        tellsItsName("1", "somebody");
        assertEquals("vera.b-example.org", server.get("/may/PUSH", "Cookie", session()).body());
        tellsItsName("2", "vera.b@example.org");
        assertEquals(409, signIn().statusCode(), "a name that is used again is another person's");
        assertEquals(1, accounts().size());
    }

    @Test
    void leavesRolesAndPasswordToTheProvider() {
        session();
        for (var path : List.of("/api/accounts/vera/roles", "/api/accounts/vera/password")) {
            var answer = asAdmin("PUT", path, "{\"roles\":[\"administrator\"],\"password\":\"correct horse battery\"}");
            assertEquals(409, answer.statusCode(), path);
            assertTrue(answer.body().contains("account_of_provider"), answer.body());
        }
        assertEquals("[\"release-manager\"]", accounts().get(0).path("roles").toString());
        assertEquals(204, asAdmin("DELETE", "/api/accounts/vera", "").statusCode());
    }

    @Test
    void takesEachAnswerOnceAndOnlyInTheBrowserThatAsked() {
        var begun = begin("/");
        var query = there.signIn(begun.address());
        assertEquals(400, comeBack("other=1", query).statusCode());
        assertEquals(400, comeBack(begun.cookie() + "x", query).statusCode());
        assertFalse(there.asked.contains("POST /token"));
        assertEquals(200, comeBack(begun.cookie(), query).statusCode());
        assertEquals(400, comeBack(begun.cookie(), query).statusCode());
        var late = begin("/");
        var lateQuery = there.signIn(late.address());
        now = now.plus(OpenIdSignIn.MAX_FLOW);
        assertEquals(400, comeBack(late.cookie(), lateQuery).statusCode());
    }

    @Test
    void leadsNowhereElse() {
        for (var next : List.of("//evil.example", "https://evil.example", "%2F%5Cevil.example", "javascript:x")) {
            var begun = begin(next);
            var answer = comeBack(begun.cookie(), there.signIn(begun.address()));
            assertTrue(answer.body().contains("href=\"/\""), answer.body());
            assertFalse(answer.body().contains("evil"), answer.body());
        }
    }

    private HttpResponse<String> refusedThere() {
        var begun = begin("/");
        return comeBack(begun.cookie(), Map.of("state", there.signIn(begun.address()).get("state"), "error",
                "access_denied", "error_description", "<script>no</script>"));
    }

    @Test
    void showsWhatTheProviderSaysAsTextAndSlowsDownWhoeverGoesOnFailing() {
        for (var i = 0; i < GuessLimit.MAX_WRONG_PER_WINDOW; i++) {
            server.get("/may/PUSH", "Authorization", "Bearer " + "f".repeat(48));
            assertEquals(400, comeBack("other=1", Map.of("state", "x", "error_description", "call us")).statusCode());
        }
        for (var i = 0; i < GuessLimit.MAX_WRONG_PER_WINDOW; i++) {
            var answer = refusedThere();
            assertEquals(403, answer.statusCode(), "neither old tokens nor links of other pages keep people out");
            assertTrue(answer.body().contains("&lt;script&gt;no"), answer.body());
        }
        assertEquals(429, refusedThere().statusCode());
        now = now.plus(Duration.ofMinutes(1));
        session();
    }

    @Test
    void letsLocalAccountsInWhileTheProviderIsAway() {
        there.away = true;
        var answer = server.get("/sign-in/openid?next=/cells/c1");
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("Example cannot be asked now: its description answers 503"), answer.body());
        assertTrue(answer.body().contains("value=\"/cells/c1\""), "the local form leads on as well");
        var local = server.send("POST", "/sign-in", "application/x-www-form-urlencoded", "token=" + ADMIN,
                "Sec-Fetch-Site", "same-origin");
        assertEquals(303, local.statusCode());
    }

    @Test
    void endsTheSessionAndThenLeadsToTheProviderToEndItsOwn() {
        var cookie = session();
        var answer = server.send("POST", "/sign-out", "text/plain", "", "Cookie", cookie, "Sec-Fetch-Site",
                "same-origin");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains(there.issuer() + "/end?"), answer.body());
        assertTrue(setCookie(answer).startsWith("cambium_session=;"));
        access.forgetTokens();
        assertEquals(401, may(cookie, Permission.READ_FLEET));
        var again = server.send("POST", "/sign-out", "text/plain", "", "Cookie", cookie, "Sec-Fetch-Site",
                "same-origin");
        assertEquals("/sign-in", again.headers().firstValue("Location").orElse(""));
    }

    @Test
    void doesNotStartWithARoleThatIsNotThere() {
        try (var other = new OpenIdSignIn(there.settings(Map.of("delivery", "king")), new SecureRandom(), () -> now)) {
            var refused = assertThrows(StartRefused.class, () -> access(other));
            assertTrue(refused.getMessage().startsWith("--openid-roles gives the role 'king', which is not there"));
        }
    }

    @Test
    void saysThatThereIsNoProviderWhereNoneIsSet() {
        var plain = new Access(database, MasterKey.of(folder, Optional.empty(), new SecureRandom()), Set.of(),
                OtherTokens.NONE, new PlainSignInPage(), Optional.empty(), new SecureRandom(), () -> now);
        try (var other = TestServer.of(plain.routes(), plain.authenticator())) {
            assertEquals(404, other.get("/sign-in/openid").statusCode());
            assertEquals(404, other.get("/sign-in/openid/callback?code=x").statusCode());
            assertFalse(other.get("/sign-in").body().contains("/sign-in/openid"));
        }
    }
}
