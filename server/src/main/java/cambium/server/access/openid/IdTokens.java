package cambium.server.access.openid;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.util.Set;

/// Whether an ID token holds (OpenID Connect Core 1.0, 3.1.3.7): signed with a key of the provider, by it, for us, for
/// this flow, and not over. Only algorithms with a private and a public key are taken: no `none`, and none that would
/// make the client's secret a signing key.
final class IdTokens {
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384,
            JWSAlgorithm.RS512, JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512, JWSAlgorithm.ES256,
            JWSAlgorithm.ES384, JWSAlgorithm.ES512);
    private static final int MAX_CLOCK_SKEW_SECONDS = 60;

    private final Issuer issuer;
    private final ClientID client;

    IdTokens(Issuer issuer, ClientID client) {
        this.issuer = issuer;
        this.client = client;
    }

    /// A token that does not hold.
    static final class NotOurs extends Exception {
        private static final long serialVersionUID = 1;

        NotOurs(String reason) {
            super(reason);
        }
    }

    /// What the token claims, once it is known to hold. [IOException] where the provider's keys cannot be read.
    IDTokenClaimsSet claims(JWT token, String nonce, Discovery.Known provider) throws NotOurs, IOException {
        var validator = new IDTokenValidator(issuer, client,
                new JWSVerificationKeySelector<>(ALGORITHMS, provider.keys()), null);
        validator.setMaxClockSkew(MAX_CLOCK_SKEW_SECONDS);
        try {
            var claims = validator.validate(token, new Nonce(nonce));
            // The library looks at azp only in a token for several, and there only where it is.
            var asker = claims.getAuthorizedParty();
            if (asker == null ? claims.getAudience().size() > 1 : !asker.getValue().equals(client.getValue())) {
                throw new NotOurs("it does not say (azp) that this server asked for it");
            }
            return claims;
        } catch (BadJOSEException bad) {
            throw new NotOurs(bad.getMessage());
        } catch (KeySourceException unreadable) {
            throw new IOException("its keys cannot be read", unreadable);
        } catch (JOSEException broken) {
            throw new NotOurs(broken.getMessage());
        }
    }
}
