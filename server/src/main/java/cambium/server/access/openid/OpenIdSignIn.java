package cambium.server.access.openid;

import cambium.server.config.OpenIdSettings;
import cambium.server.http.OutgoingPosts;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// The provider that people sign in with: authorization code flow with PKCE (S256), state and nonce. Keeps no sign-in;
/// what is under way is with the browser.
public final class OpenIdSignIn implements AutoCloseable {
    /// How long somebody may take at the provider.
    public static final Duration MAX_FLOW = Duration.ofMinutes(15);
    private static final int SECRET_BYTES = 32;
    private static final int CALLS_AT_ONCE = 4;
    private static final int MAX_TEXT = 200;

    private final OpenIdSettings settings;
    private final OutgoingPosts posts;
    private final Discovery discovery;
    private final CodeExchange exchange;
    private final RandomGenerator random;
    private final InstantSource clock;

    public OpenIdSignIn(OpenIdSettings settings, RandomGenerator random, InstantSource clock) {
        this.settings = settings;
        this.posts = new OutgoingPosts(Set.of(settings.issuer().getHost().toLowerCase(Locale.ROOT)
                .replaceAll("[\\[\\]]", "")), CALLS_AT_ONCE,
                "what its description names beside the issuer's host has to be public");
        var calls = new OpenIdCalls(posts);
        this.discovery = new Discovery(settings.issuer(), calls, clock);
        this.exchange = new CodeExchange(settings, calls,
                new IdTokens(new Issuer(settings.issuer()), new ClientID(settings.client())));
        this.random = random;
        this.clock = clock;
    }

    public OpenIdSettings settings() {
        return settings;
    }

    /// Where to send a browser that is to come back to `redirect` and then go on to `next`.
    public Began begin(URI redirect, String next) {
        try {
            var provider = discovery.provider();
            var flow = new Flow(secret(), secret(), secret(), redirect.toString(), next,
                    clock.instant().plus(MAX_FLOW).truncatedTo(ChronoUnit.SECONDS));
            var request = new AuthenticationRequest.Builder(ResponseType.CODE,
                    new Scope(settings.scopes().toArray(String[]::new)), new ClientID(settings.client()), redirect)
                    .endpointURI(provider.metadata().getAuthorizationEndpointURI())
                    .state(new State(flow.state())).nonce(new Nonce(flow.nonce()))
                    .codeChallenge(new CodeVerifier(flow.verifier()), CodeChallengeMethod.S256).build();
            return new Began.Away(request.toURI(), flow);
        } catch (IOException unreachable) {
            return new Began.Unreachable(unreachable.getMessage());
        }
    }

    /// What the provider's answer says. `query` gives a parameter of the address that the browser came back with.
    /// Nothing of it counts before its state is that of the flow: anybody can make such an address.
    public Answered finish(Flow flow, Function<String, Optional<String>> query) {
        if (!MessageDigest.isEqual(bytes(query.apply("state").orElse("")), bytes(flow.state()))) {
            return new Answered.Denied("this answer belongs to another sign-in");
        }
        try {
            var provider = discovery.provider();
            var issuer = query.apply("iss");
            if (issuer.isPresent() ? !issuer.get().equals(settings.issuer().toString())
                    : provider.metadata().supportsAuthorizationResponseIssuerParam()) {
                return new Answered.Denied("this answer is of another provider");
            }
            var error = query.apply("error");
            if (error.isPresent()) {
                return new Answered.Denied("it says " + shown(error.get())
                        + query.apply("error_description").map(text -> " (" + shown(text) + ")").orElse(""));
            }
            var code = query.apply("code");
            return code.isEmpty() ? new Answered.Denied("its answer has no code")
                    : exchange.person(provider, flow, code.get());
        } catch (IOException unreachable) {
            return new Answered.Unreachable(unreachable.getMessage());
        }
    }

    /// Where to send a browser that has signed out here, so that it is signed out there too; empty where the provider
    /// offers none or cannot be known now.
    public Optional<URI> signOut(String idToken, URI back) {
        try {
            var address = Optional.ofNullable(discovery.provider().metadata().getEndSessionEndpointURI());
            if (address.isEmpty()) {
                return Optional.empty();
            }
            var request = new LogoutRequest(address.get(), JWTParser.parse(idToken), null,
                    new ClientID(settings.client()), back, null, null);
            return Optional.of(request.toURI());
        } catch (IOException | ParseException unknown) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        posts.close();
    }

    /// A text of the provider, as one short line.
    static String shown(String text) {
        var line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
        return line.length() > MAX_TEXT ? line.substring(0, MAX_TEXT) + "…" : line;
    }

    private String secret() {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
