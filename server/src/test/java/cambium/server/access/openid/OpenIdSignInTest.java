package cambium.server.access.openid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.http.Json;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a provider that lies on demand. A real one, in a real browser, is in `acceptance`.
class OpenIdSignInTest {
    private static final URI BACK = URI.create("http://127.0.0.1:7070/sign-in/openid/callback");

    private Instant now = Instant.now();
    private WilfulIssuer there;
    private OpenIdSignIn provider;

    @BeforeEach
    void start() throws IOException {
        there = new WilfulIssuer();
        provider = new OpenIdSignIn(there.settings(Map.of("delivery", "release-manager")), new SecureRandom(),
                () -> now);
    }

    @AfterEach
    void stop() {
        provider.close();
        there.close();
    }

    private Began.Away begin() {
        return assertInstanceOf(Began.Away.class, provider.begin(BACK, "/cells/c1"));
    }

    private Answered signIn() {
        var began = begin();
        return finish(began.flow(), there.signIn(began.address()));
    }

    private Answered finish(Flow flow, Map<String, String> query) {
        return provider.finish(flow, name -> Optional.ofNullable(query.get(name)));
    }

    private Person person() {
        return assertInstanceOf(Answered.Known.class, signIn()).person();
    }

    private static String denied(Answered answered) {
        return denied(answered, "");
    }

    private static String denied(Answered answered, String what) {
        return assertInstanceOf(Answered.Denied.class, answered, what).reason();
    }

    @Test
    void vouchesForAPersonWhoseTokenHolds() {
        var person = person();
        assertEquals(there.issuer(), person.issuer());
        assertEquals("4711", person.subject());
        assertEquals(Optional.of("vera"), person.name());
        assertEquals(Set.of("delivery", "all"), person.groups());
        assertEquals("code", there.begun().get("response_type"));
        assertEquals("S256", there.begun().get("code_challenge_method"));
        assertEquals("openid profile", there.begun().get("scope"));
        assertEquals(BACK.toString(), there.begun().get("redirect_uri"));
        assertFalse(there.asked.contains("GET /who"), "nothing was missing in the token");
    }

    @Test
    void beginsEachSignInWithSecretsOfItsOwn() {
        var first = begin().flow();
        var second = begin().flow();
        assertEquals(6, Set.of(first.state(), first.nonce(), first.verifier(), second.state(), second.nonce(),
                second.verifier()).size());
        assertFalse(begin().address().toString().contains(begin().flow().verifier()));
        assertEquals(Optional.of(first), Flow.of(first.bytes(), now));
        assertEquals(Optional.empty(), Flow.of(first.bytes(), now.plus(OpenIdSignIn.MAX_FLOW)));
        assertFalse(first.toString().contains(first.state()));
    }

    @Test
    void refusesTokensThatDoNotHold() {
        var other = WilfulIssuer.freshKey("first");
        var bad = new LinkedHashMap<String, UnaryOperator<JWTClaimsSet.Builder>>();
        bad.put("another issuer", claims -> claims.issuer(there.issuer() + "/"));
        bad.put("for another", claims -> claims.audience("other"));
        bad.put("for several, nobody said", claims -> claims.audience(List.of(WilfulIssuer.CLIENT, "other")));
        bad.put("asked for by another", claims -> claims.claim("azp", "other"));
        bad.put("over", claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(90))));
        bad.put("from tomorrow", claims -> claims.issueTime(Date.from(Instant.now().plusSeconds(86_400))));
        bad.put("without an end", claims -> claims.expirationTime(null));
        bad.put("without a subject", claims -> claims.subject(null));
        bad.put("without a nonce", claims -> claims.claim("nonce", null));
        bad.put("of another sign-in", claims -> claims.claim("nonce", "other"));
        bad.forEach((what, claims) -> {
            there.claims = claims;
            assertTrue(denied(signIn(), what).startsWith("its ID token does not hold: "), what);
        });
        there.claims = claims -> claims;
        var forged = new LinkedHashMap<String, UnaryOperator<String>>();
        forged.put("not signed", _ -> new PlainJWT(there.rightClaims().build()).serialize());
        forged.put("signed with the client's secret",
                _ -> hs256(WilfulIssuer.SECRET.getBytes(StandardCharsets.UTF_8)));
        forged.put("signed with the public key as if it were a secret", _ -> hs256(publicKey()));
        forged.put("signed by somebody else", _ -> WilfulIssuer.signed(there.rightClaims().build(), other));
        forged.put("altered", OpenIdSignInTest::altered);
        forged.forEach((what, token) -> {
            there.idToken = token;
            assertTrue(denied(signIn(), what).startsWith("its ID token does not hold: "), what);
        });
        assertFalse(there.asked.contains("GET /who"), "nothing was asked about whom nobody vouches for");
        for (UnaryOperator<String> unreadable : List.<UnaryOperator<String>>of(_ -> "no token",
                token -> token.substring(0, token.lastIndexOf('.') + 1))) {
            there.idToken = unreadable;
            assertInstanceOf(Answered.Unreachable.class, signIn());
        }
        there.idToken = token -> token;
        assertEquals("vera", person().name().orElseThrow(), "and none of it was the harness's fault");
    }

    private String hs256(byte[] secret) {
        try {
            var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(),
                    there.rightClaims().build());
            token.sign(new MACSigner(secret));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] publicKey() {
        try {
            return there.key.toRSAPublicKey().getEncoded();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String altered(String token) {
        var parts = token.split("\\.");
        var text = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        assertTrue(text.contains("\"vera\""));
        return parts[0] + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(
                text.replace("\"vera\"", "\"root\"").getBytes(StandardCharsets.UTF_8)) + "." + parts[2];
    }

    @Test
    void takesTokensForSeveralWhereItAskedForThemItself() {
        there.claims = claims -> claims.audience(List.of("other", WilfulIssuer.CLIENT))
                .claim("azp", WilfulIssuer.CLIENT);
        assertEquals("4711", person().subject());
    }

    @Test
    void takesANewKeyUpAtOnceAndRefusesOneThatIsWithdrawn() {
        person();
        var old = there.key;
        there.key = WilfulIssuer.freshKey("second");
        there.published = List.of(there.key);
        assertEquals("4711", person().subject());
        there.key = old;
        assertTrue(denied(signIn()).startsWith("its ID token does not hold: "));
    }

    @Test
    void believesNoAnswerWithoutTheStateOfItsOwnSignIn() {
        var began = begin();
        var query = new HashMap<>(there.signIn(began.address()));
        for (var state : List.of("", "x", begin().flow().state())) {
            query.put("state", state);
            query.put("error", "access_denied");
            query.put("error_description", "call this number");
            assertEquals("this answer belongs to another sign-in", denied(finish(began.flow(), query)));
        }
        query.remove("state");
        assertEquals("this answer belongs to another sign-in", denied(finish(began.flow(), query)));
        assertFalse(there.asked.contains("POST /token"));
    }

    @Test
    void believesNoAnswerOfAnotherProvider() {
        var began = begin();
        var query = new HashMap<>(there.signIn(began.address()));
        query.put("iss", "https://other.example");
        assertEquals("this answer is of another provider", denied(finish(began.flow(), query)));
        assertFalse(there.asked.contains("POST /token"));
        query.put("iss", there.issuer());
        assertInstanceOf(Answered.Known.class, finish(began.flow(), query));
    }

    @Test
    void missesTheIssuerOfAProviderThatSaysItNamesItself() {
        there.more.put("authorization_response_iss_parameter_supported", true);
        assertEquals("this answer is of another provider", denied(signIn()));
    }

    @Test
    void tellsInOneShortLineWhatTheProviderSays() {
        var began = begin();
        var reason = denied(finish(began.flow(), Map.of("state", began.flow().state(), "error", "access_denied",
                "error_description", "not\r\nyou\u202e " + "x".repeat(1000))));
        assertTrue(reason.matches("it says access_denied \\(not you x+…\\)"), reason);
        assertTrue(reason.length() < 300);
    }

    @Test
    void redeemsACodeWithTheVerifierOfItsOwnFlowOnly() {
        var mine = begin();
        var others = begin();
        there.signIn(others.address());
        assertEquals("it does not take its own code back: used twice, or too old", denied(finish(mine.flow(),
                Map.of("state", mine.flow().state(), "code", "the-code"))));
    }

    @Test
    void asksForWhatTheTokenDoesNotSay() {
        there.claims = claims -> claims.claim("groups", null).claim("preferred_username", null);
        there.userInfo = Map.of("sub", "4711", "preferred_username", "vera", "groups", List.of("acme/ops", 7));
        assertEquals(Set.of("acme/ops"), person().groups());
        assertEquals(Optional.of("vera"), person().name());
        there.userInfo = Map.of("sub", "1", "groups", List.of("administrators"));
        assertTrue(denied(signIn()).contains("somebody else"));
    }

    @Test
    void readsClaimsInsideObjects() {
        var claims = new Claims(Json.read(
                "{\"realm_access\":{\"roles\":[\"a\"]},\"a.b\":\"c\",\"n\":1}".getBytes(StandardCharsets.UTF_8)));
        assertEquals(Optional.of(Set.of("a")), claims.texts("realm_access.roles"));
        assertEquals(Optional.of("c"), claims.text("a.b"));
        assertEquals(Optional.empty(), claims.text("n"));
        assertEquals(Optional.empty(), claims.texts("nothing.here"));
    }

    @Test
    void saysWhyItCannotBeginAndBeginsAgainWhenTheProviderIsBack() {
        there.away = true;
        var reason = assertInstanceOf(Began.Unreachable.class, provider.begin(BACK, "/")).reason();
        assertEquals("its description answers 503", reason);
        there.away = false;
        var asked = there.asked.size();
        assertInstanceOf(Began.Unreachable.class, provider.begin(BACK, "/"));
        assertEquals(asked, there.asked.size(), "a crowd does not wait for it again and again");
        now = now.plus(Discovery.FAILURE_KEPT);
        begin();
        now = now.plus(Discovery.BELIEVED);
        there.away = true;
        assertInstanceOf(Began.Unreachable.class, provider.begin(BACK, "/"), "nobody is led to one that has gone");
    }

    @Test
    void believesADescriptionOfThatVeryIssuerOnly() {
        there.more.put("issuer", there.issuer() + "/");
        var reason = assertInstanceOf(Began.Unreachable.class, provider.begin(BACK, "/")).reason();
        assertTrue(reason.contains("--openid-issuer says '" + there.issuer() + "'"), reason);
    }

    @Test
    void wantsEveryAddressOfAGuardedProviderGuarded() throws ParseException {
        var issuer = URI.create("https://id.example");
        var names = List.of("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint",
                "end_session_endpoint");
        assertEquals(Optional.empty(), Discovery.problem(issuer, described(issuer, names, "", "")));
        for (var name : names) {
            assertEquals(Optional.of("its description names an address that is not https"),
                    Discovery.problem(issuer, described(issuer, names, name, "http://id.example/")), name);
        }
        for (var name : names.subList(0, 2)) {
            there.more.put(name, null);
            assertInstanceOf(Began.Unreachable.class, provider.begin(BACK, "/"), name);
            there.more.remove(name);
            now = now.plus(Discovery.FAILURE_KEPT);
        }
        begin();
    }

    private static OIDCProviderMetadata described(URI issuer, List<String> names, String other, String address)
            throws ParseException {
        var json = new LinkedHashMap<String, Object>(Map.of("issuer", issuer.toString(), "subject_types_supported",
                List.of("public")));
        names.forEach(name -> json.put(name, name.equals(other) ? address : issuer + "/" + name));
        return OIDCProviderMetadata.parse(new String(Json.write(json), StandardCharsets.UTF_8));
    }

    @Test
    void connectsNowhereElseInPrivateNetworks() {
        there.more.put("jwks_uri", there.issuer().replace("127.0.0.1", "127.0.0.2") + "/keys");
        there.more.put("token_endpoint", there.issuer().replace("127.0.0.1", "127.0.0.2") + "/token");
        var reason = assertInstanceOf(Answered.Unreachable.class, signIn()).reason();
        assertTrue(reason.startsWith("the host leads to no public address"), reason);
        assertFalse(there.asked.contains("POST /token"));
    }

    @Test
    void namesTheTokenAndTheWayBackWhenSomebodySignsOutThere() {
        var token = person().idToken();
        var address = provider.signOut(token, URI.create("http://127.0.0.1:7070/sign-in")).orElseThrow();
        var query = WilfulIssuer.parameters(address.getRawQuery());
        assertEquals("/end", address.getPath());
        assertEquals(token, query.get("id_token_hint"));
        assertEquals("http://127.0.0.1:7070/sign-in", query.get("post_logout_redirect_uri"));
        assertNotEquals(Optional.empty(), provider.signOut(token, BACK));
        assertEquals(Optional.empty(), provider.signOut("no token", BACK));
    }

    @Test
    void hidesItsSecretWhereverItIsPrinted() {
        assertFalse(provider.settings().toString().contains(WilfulIssuer.SECRET));
        assertFalse(person().toString().contains(person().idToken()));
    }
}
