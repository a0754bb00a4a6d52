package cambium.server.access.openid;

import cambium.server.config.OpenIdSettings;
import cambium.server.http.Json;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// A provider that says whatever a test wants it to say: a real one never signs a token that does not hold. It takes a
/// code only with the verifier of the flow and the secret of the client.
public final class WilfulIssuer implements AutoCloseable {
    public static final String CLIENT = "cambium";
    public static final String SECRET = "the client's own secret, long enough for HS256";

    private static final RSAKey FIRST = freshKey("first");

    /// What was asked, in order, as method and path.
    public final List<String> asked = new CopyOnWriteArrayList<>();
    public UnaryOperator<JWTClaimsSet.Builder> claims = builder -> builder;
    public UnaryOperator<String> idToken = token -> token;
    public Map<String, Object> userInfo = Map.of("sub", "4711");
    public final Map<String, Object> more = new LinkedHashMap<>();
    public RSAKey key = FIRST;
    public List<RSAKey> published = List.of(key);
    public boolean away;
    private final HttpServer server;
    private Optional<Map<String, String>> begun = Optional.empty();

    public WilfulIssuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", this::answer);
        server.start();
    }

    public static RSAKey freshKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public OpenIdSettings settings(Map<String, String> roles) {
        var byGroup = new TreeMap<String, SortedSet<String>>();
        roles.forEach((group, role) -> byGroup.put(group, new TreeSet<>(List.of(role))));
        return new OpenIdSettings(URI.create(issuer()), CLIENT, Optional.of(SECRET), "Example", List.of("openid",
                "profile"), "preferred_username", "groups", byGroup, Duration.ofDays(30));
    }

    /// As if somebody signed in there: the parameters that the browser comes back with.
    public Map<String, String> signIn(URI address) {
        begun = Optional.of(parameters(address.getRawQuery()));
        return Map.of("code", "the-code", "state", begun.get().get("state"));
    }

    /// What the last sign-in was begun with.
    public Map<String, String> begun() {
        return begun.orElseThrow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestMethod() + " " + path);
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            switch (away ? "" : path) {
                case "/.well-known/openid-configuration" -> send(exchange, 200, description());
                case "/keys" -> send(exchange, 200, new JWKSet(List.copyOf(published)).toJSONObject());
                case "/token" -> token(exchange, parameters(body));
                case "/who" -> send(exchange, 200, userInfo);
                default -> send(exchange, 503, Map.of());
            }
        }
    }

    private Map<String, Object> description() {
        var json = new LinkedHashMap<String, Object>();
        json.put("issuer", issuer());
        json.put("authorization_endpoint", issuer() + "/authorize");
        json.put("token_endpoint", issuer() + "/token");
        json.put("jwks_uri", issuer() + "/keys");
        json.put("userinfo_endpoint", issuer() + "/who");
        json.put("end_session_endpoint", issuer() + "/end");
        json.put("response_types_supported", List.of("code"));
        json.put("subject_types_supported", List.of("public"));
        json.put("id_token_signing_alg_values_supported", List.of("RS256"));
        json.putAll(more);
        return json;
    }

    private void token(HttpExchange exchange, Map<String, String> form) throws IOException {
        var client = Base64.getEncoder().encodeToString((CLIENT + ":" + encoded(SECRET))
                .getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + client).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, Map.of("error", "invalid_client"));
        } else if (!"the-code".equals(form.get("code"))
                || !challenge(form.getOrDefault("code_verifier", "")).equals(begun().get("code_challenge"))
                || !begun().get("redirect_uri").equals(form.get("redirect_uri"))) {
            send(exchange, 400, Map.of("error", "invalid_grant"));
        } else {
            send(exchange, 200, Map.of("access_token", "the-access-token", "token_type", "Bearer",
                    "id_token", idToken.apply(signed(claims.apply(rightClaims()).build(), key))));
        }
    }

    /// Claims of a token that holds for the sign-in that was begun last.
    public JWTClaimsSet.Builder rightClaims() {
        var now = Instant.now();
        return new JWTClaimsSet.Builder().issuer(issuer()).subject("4711").audience(CLIENT)
                .issueTime(Date.from(now)).expirationTime(Date.from(now.plusSeconds(300)))
                .claim("nonce", begun().get("nonce")).claim("preferred_username", "vera")
                .claim("groups", new ArrayList<>(List.of("delivery", "all")));
    }

    public static String signed(JWTClaimsSet claims, RSAKey key) {
        try {
            var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, Object json) throws IOException {
        var bytes = Json.write(json);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static Map<String, String> parameters(String text) {
        var map = new LinkedHashMap<String, String>();
        for (var pair : text.split("&")) {
            var parts = pair.split("=", 2);
            map.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
        }
        return map;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(MessageDigest.getInstance("SHA-256")
                    .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
