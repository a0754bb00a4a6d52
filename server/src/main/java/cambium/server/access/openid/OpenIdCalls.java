package cambium.server.access.openid;

import cambium.server.http.OutgoingPosts;
import com.nimbusds.common.contenttype.ContentType;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Asks the provider. The issuer's host may be private, as the administrator named it; what its description names
/// beside is connected to where it is public. Redirects are not followed; an answer has at most 1 MiB and comes within
/// 15 seconds, or ends as [IOException] with a reason.
final class OpenIdCalls {
    private static final String JSON = "application/json";

    private final OutgoingPosts posts;

    OpenIdCalls(OutgoingPosts posts) {
        this.posts = posts;
    }

    /// An answer of any status.
    record Answer(int status, String text) {}

    Answer get(URI target) throws IOException {
        return ask("GET", target, Map.of("Accept", JSON), Optional.empty());
    }

    /// With an access token.
    Answer get(URI target, String authorization) throws IOException {
        return ask("GET", target, Map.of("Accept", JSON, "Authorization", authorization), Optional.empty());
    }

    /// In the library's words.
    HTTPResponse send(HTTPRequest request) throws IOException {
        var headers = new HashMap<String, String>();
        headers.put("Accept", JSON);
        headers.put("Content-Type", String.valueOf(request.getEntityContentType()));
        Optional.ofNullable(request.getAuthorization()).ifPresent(text -> headers.put("Authorization", text));
        var answer = ask(request.getMethod().name(), request.getURI(), headers, Optional.ofNullable(request.getBody()));
        var response = new HTTPResponse(answer.status());
        response.setEntityContentType(ContentType.APPLICATION_JSON);
        response.setBody(answer.text());
        return response;
    }

    /// The keys.
    Resource resource(URL target) throws IOException {
        try {
            var answer = get(target.toURI());
            if (answer.status() != 200) {
                throw new IOException("the address of its keys answers " + answer.status());
            }
            return new Resource(answer.text(), JSON);
        } catch (URISyntaxException malformed) {
            throw new IOException("the address of its keys is none", malformed);
        }
    }

    private Answer ask(String method, URI target, Map<String, String> headers, Optional<String> body)
            throws IOException {
        try {
            var bytes = body.orElse("").getBytes(StandardCharsets.UTF_8);
            return switch (posts.exchange(method, target, headers, bytes)) {
                case OutgoingPosts.Exchange.Answered(var status, var text) ->
                    new Answer(status, new String(text, StandardCharsets.UTF_8));
                case OutgoingPosts.Exchange.NotSent(var reason) -> throw new IOException(reason);
                case OutgoingPosts.Exchange.Unknown(var reason) -> throw new IOException(reason);
            };
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server stops");
        }
    }
}
