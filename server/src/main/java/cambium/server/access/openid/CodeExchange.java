package cambium.server.access.openid;

import cambium.server.config.OpenIdSettings;
import cambium.server.http.Json;
import cambium.server.http.Refused;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// Redeems the code that a browser came back with, and learns whom it stands for: from the ID token, and what that
/// does not say (GitLab leaves out groups) from the address of user information.
final class CodeExchange {
    private final OpenIdSettings settings;
    private final OpenIdCalls calls;
    private final IdTokens idTokens;

    CodeExchange(OpenIdSettings settings, OpenIdCalls calls, IdTokens idTokens) {
        this.settings = settings;
        this.calls = calls;
        this.idTokens = idTokens;
    }

    Answered person(Discovery.Known provider, Flow flow, String code) throws IOException {
        var request = request(provider.metadata(), new AuthorizationCodeGrant(new AuthorizationCode(code),
                URI.create(flow.redirect()), new CodeVerifier(flow.verifier())));
        try {
            var response = OIDCTokenResponseParser.parse(calls.send(request.toHTTPRequest()));
            if (!response.indicatesSuccess()) {
                return new Answered.Denied(reason(response.toErrorResponse().getErrorObject()));
            }
            var tokens = ((OIDCTokenResponse) response.toSuccessResponse()).getOIDCTokens();
            return tokens.getIDToken() == null ? new Answered.Denied("it gave no ID token")
                    : person(provider, flow, tokens.getIDToken(), tokens.getAccessToken());
        } catch (ParseException malformed) {
            return new Answered.Unreachable("its answer to the code cannot be read");
        } catch (IdTokens.NotOurs bad) {
            return new Answered.Denied("its ID token does not hold: " + OpenIdSignIn.shown(bad.getMessage()));
        }
    }

    private Answered person(Discovery.Known provider, Flow flow, JWT token, AccessToken access)
            throws IdTokens.NotOurs, IOException {
        var holds = idTokens.claims(token, flow.nonce(), provider);
        var subject = holds.getSubject().getValue();
        var claims = new Claims(json(holds.toJSONString()));
        var name = claims.text(settings.nameClaim());
        var groups = claims.texts(settings.groupsClaim());
        var more = Optional.ofNullable(provider.metadata().getUserInfoEndpointURI());
        if (more.isPresent() && (name.isEmpty() || groups.isEmpty())) {
            var said = new Claims(userInfo(more.get(), access, subject));
            name = name.or(() -> said.text(settings.nameClaim()));
            groups = groups.or(() -> said.texts(settings.groupsClaim()));
        }
        return new Answered.Known(new Person(holds.getIssuer().getValue(), subject, name,
                groups.orElse(Set.of()), token.serialize()));
    }

    /// Core 5.3.2: an answer about another subject must not be used.
    private JsonNode userInfo(URI address, AccessToken access, String subject) throws IOException,
            IdTokens.NotOurs {
        var answer = calls.get(address, access.toAuthorizationHeader());
        if (answer.status() != 200) {
            throw new IOException("its address of user information answers " + answer.status());
        }
        var json = json(answer.text());
        if (!json.path("sub").isTextual() || !json.path("sub").textValue().equals(subject)) {
            throw new IdTokens.NotOurs("the user information is about somebody else");
        }
        return json;
    }

    private TokenRequest request(OIDCProviderMetadata metadata, AuthorizationCodeGrant grant) {
        var client = new ClientID(settings.client());
        var address = metadata.getTokenEndpointURI();
        if (settings.secret().isEmpty()) {
            return new TokenRequest.Builder(address, client, grant).build();
        }
        var secret = new Secret(settings.secret().get());
        var methods = Optional.ofNullable(metadata.getTokenEndpointAuthMethods());
        var post = methods.filter(known -> !known.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                && known.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)).isPresent();
        return new TokenRequest.Builder(address, post ? new ClientSecretPost(client, secret)
                : new ClientSecretBasic(client, secret), grant).build();
    }

    private static String reason(ErrorObject error) {
        var code = Optional.ofNullable(error).map(ErrorObject::getCode).orElse("");
        return switch (code) {
            case "invalid_client" -> "it does not know this server by its --openid-client and secret";
            case "invalid_grant" -> "it does not take its own code back: used twice, or too old";
            default -> "it refused the code" + (code.isEmpty() ? "" : " with " + OpenIdSignIn.shown(code));
        };
    }

    private static JsonNode json(String text) throws IOException {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (Refused malformed) {
            throw new IOException("its user information is no JSON", malformed);
        }
    }
}
