package cambium.server.access.openid;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// What the provider tells of itself (OpenID Connect Discovery 1.0) and the keys it signs with. Read when somebody
/// signs in and never at start, so that a provider which is away costs nobody else anything; believed for a minute, so
/// that nobody is led to one that has gone. A failure is remembered for seconds, so that a crowd which tries again does
/// not wait for the provider each time.
final class Discovery {
    static final Duration BELIEVED = Duration.ofMinutes(1);
    static final Duration FAILURE_KEPT = Duration.ofSeconds(5);
    private static final long KEYS_KEPT_MS = Duration.ofMinutes(10).toMillis();
    private static final long KEYS_WAIT_MS = Duration.ofSeconds(20).toMillis();

    private final URI issuer;
    private final OpenIdCalls calls;
    private final InstantSource clock;
    private Optional<Known> known = Optional.empty();
    private Instant readAt = Instant.MIN;
    private String failure = "";
    private Instant failedAt = Instant.MIN;

    /// The provider as it describes itself. An unknown key is looked for at once: that is how keys are rotated.
    record Known(OIDCProviderMetadata metadata, JWKSource<SecurityContext> keys) {}

    Discovery(URI issuer, OpenIdCalls calls, InstantSource clock) {
        this.issuer = issuer;
        this.calls = calls;
        this.clock = clock;
    }

    /// The provider; [IOException] with a sentence where it cannot be known now.
    synchronized Known provider() throws IOException {
        var now = clock.instant();
        if (known.isPresent() && now.isBefore(readAt.plus(BELIEVED))) {
            return known.get();
        }
        if (failedAt.isAfter(now.minus(FAILURE_KEPT))) {
            throw new IOException(failure);
        }
        try {
            var fresh = read();
            known = Optional.of(fresh);
            readAt = now;
            return fresh;
        } catch (IOException unreachable) {
            failure = unreachable.getMessage();
            failedAt = now;
            throw unreachable;
        }
    }

    private Known read() throws IOException {
        var address = issuer.toString().replaceFirst("/$", "") + "/.well-known/openid-configuration";
        var answer = calls.get(URI.create(address));
        if (answer.status() != 200) {
            throw new IOException("its description answers " + answer.status());
        }
        try {
            var metadata = OIDCProviderMetadata.parse(answer.text());
            if (!metadata.getIssuer().getValue().equals(issuer.toString())) {
                throw new IOException("it calls itself '" + metadata.getIssuer().getValue()
                        + "', and --openid-issuer says '" + issuer + "'");
            }
            var problem = problem(issuer, metadata);
            if (problem.isPresent()) {
                throw new IOException(problem.get());
            }
            return new Known(metadata, keys(metadata.getJWKSetURI()));
        } catch (ParseException malformed) {
            throw new IOException("its description cannot be read: " + malformed.getMessage());
        }
    }

    /// What is sent to these addresses opens doors; none of them may be less guarded than the issuer.
    static Optional<String> problem(URI issuer, OIDCProviderMetadata metadata) {
        var needed = Arrays.asList(metadata.getAuthorizationEndpointURI(), metadata.getTokenEndpointURI(),
                metadata.getJWKSetURI());
        if (needed.contains(null)) {
            return Optional.of("its description lacks the address of sign-ins, of tokens or of keys");
        }
        var all = Stream.concat(needed.stream(), Stream.of(metadata.getUserInfoEndpointURI(),
                metadata.getEndSessionEndpointURI()).filter(Objects::nonNull));
        return "https".equals(issuer.getScheme()) && !all.allMatch(uri -> "https".equals(uri.getScheme()))
                ? Optional.of("its description names an address that is not https") : Optional.empty();
    }

    private JWKSource<SecurityContext> keys(URI address) throws MalformedURLException {
        return JWKSourceBuilder.<SecurityContext>create(address.toURL(), calls::resource)
                .cache(KEYS_KEPT_MS, KEYS_WAIT_MS).refreshAheadCache(false).rateLimited(false).build();
    }
}
