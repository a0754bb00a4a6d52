package cambium.server.http;

import cambium.server.access.Actor;
import cambium.server.access.Permission;
import cambium.server.access.Rights;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// A [Call] on a request of Jetty. The actor is found when first asked for, so that an open route costs no look-up.
final class JettyCall implements Call {
    private static final int MAX_PARAMETER_BYTES = 1 << 20;

    private final Request request;
    private final Route route;
    private final RequestPath path;
    private final Map<String, String> pathParameters;
    private final String requestId;
    private final HttpSettings settings;
    private final Authenticator authenticator;
    private final Rights rights;
    private Optional<Actor> actor = Optional.empty();
    private Optional<Parameters> query = Optional.empty();
    private Optional<byte[]> small = Optional.empty();

    JettyCall(Request request, Route route, RequestPath path, Map<String, String> pathParameters, String requestId,
            HttpSettings settings, Authenticator authenticator, Rights rights) {
        this.request = request;
        this.route = route;
        this.path = path;
        this.pathParameters = pathParameters;
        this.requestId = requestId;
        this.settings = settings;
        this.authenticator = authenticator;
        this.rights = rights;
    }

    @Override
    public Method method() {
        return route.method();
    }

    @Override
    public boolean isHead() {
        return "HEAD".equals(request.getMethod());
    }

    @Override
    public String path() {
        return path.text();
    }

    @Override
    public String param(String name) {
        var value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route of " + path.text() + " has no parameter '" + name + "'");
        }
        return value;
    }

    @Override
    public Optional<String> query(String name) {
        return queryParameters().first(name);
    }

    /// A token in the path is a credential like one in the header, and goes before it.
    @Override
    public Optional<String> header(String name) {
        var token = pathParameters.get(Route.TOKEN);
        if (token != null && name.equals("Authorization")) {
            return Optional.of("Bearer " + token);
        }
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    @Override
    public Parameters parameters() {
        var type = header("Content-Type").orElse("");
        if (ParameterReader.isJson(type)) {
            return ParameterReader.merged(queryParameters(), ParameterReader.ofJson(json()));
        }
        if (route.method() != Method.GET && MultipartFields.isMultipart(type)) {
            return ParameterReader.merged(queryParameters(), MultipartFields.of(smallBody(), type));
        }
        if (route.method() == Method.GET || !ParameterReader.isForm(type)) {
            return queryParameters();
        }
        return ParameterReader.merged(queryParameters(), ParameterReader.ofForm(smallBody()));
    }

    @Override
    public Optional<byte[]> file(String name) {
        var type = header("Content-Type").orElse("");
        return MultipartFields.isMultipart(type) ? MultipartFields.file(smallBody(), type, name) : Optional.empty();
    }

    @Override
    public JsonNode json() {
        return Json.read(smallBody());
    }

    @Override
    public InputStream body() {
        return new PacedStream(Content.Source.asInputStream(request), settings);
    }

    @Override
    public byte[] body(int maxBytes) {
        var announced = request.getLength();
        if (announced > maxBytes) {
            throw tooLarge(maxBytes);
        }
        try {
            var bytes = body().readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Actor actor() {
        if (actor.isEmpty()) {
            actor = Optional.of(authenticator.identify(this));
        }
        return actor.get();
    }

    /// Who it is, where that was asked for already.
    Optional<Actor> known() {
        return actor;
    }

    @Override
    public void require(Permission permission) {
        rights.ask(actor(), Set.of(permission), act(), target());
    }

    @Override
    public void denied(String missing) {
        rights.deny(actor(), List.of(missing), act(), target());
    }

    private String act() {
        return route.method() + " " + route.path();
    }

    /// What stands in the path for the names of the route, but never a credential.
    private Optional<String> target() {
        return Optional.of(pathParameters.entrySet().stream().filter(named -> !named.getKey().equals(Route.TOKEN))
                .map(Map.Entry::getValue).collect(Collectors.joining("/"))).filter(text -> !text.isEmpty());
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public String baseUrl() {
        return settings.baseUrl().orElseGet(() -> "http://" + host());
    }

    @Override
    public String remoteAddress() {
        return Request.getRemoteAddr(request);
    }

    @Override
    public String host() {
        var authority = request.getHttpURI().getAuthority();
        return authority == null ? settings.host() + ":" + Request.getLocalPort(request) : authority;
    }

    private byte[] smallBody() {
        if (small.isEmpty()) {
            small = Optional.of(body(MAX_PARAMETER_BYTES));
        }
        return small.get();
    }

    private Parameters queryParameters() {
        if (query.isEmpty()) {
            var raw = request.getHttpURI().getQuery();
            query = Optional.of(ParameterReader.ofQuery(raw == null ? "" : raw));
        }
        return query.get();
    }

    private static Refused tooLarge(int maxBytes) {
        return new Refused(413, "too_large", "the body is larger than " + maxBytes + " bytes");
    }
}
