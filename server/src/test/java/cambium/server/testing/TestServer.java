package cambium.server.testing;

import cambium.server.access.Actor;
import cambium.server.access.Rights;
import cambium.server.config.Role;
import cambium.server.http.Authenticator;
import cambium.server.http.HttpServer;
import cambium.server.http.HttpSettings;
import cambium.server.http.ProblemPage;
import cambium.server.http.RequestIds;
import cambium.server.http.Route;
import cambium.server.http.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// The real HTTP server on a free port with routes of a test. Every caller is an actor who may do everything, unless
/// the test says otherwise.
public final class TestServer implements AutoCloseable {
    private final HttpServer server;
    private final DescribedAnswers described;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(HttpServer server, List<Route> routes) {
        this.server = server;
        this.described = new DescribedAnswers(routes);
    }

    public static TestServer of(List<Route> routes) {
        return of(routes, _ -> Actor.allowedEverything("tester"));
    }

    public static TestServer of(List<Route> routes, Authenticator authenticator) {
        return of(routes, authenticator, EnumSet.allOf(Role.class), HttpSettings.at("127.0.0.1", 0));
    }

    public static TestServer of(List<Route> routes, Authenticator authenticator, Rights rights) {
        return of(routes, authenticator, rights, EnumSet.allOf(Role.class), HttpSettings.at("127.0.0.1", 0));
    }

    public static TestServer of(List<Route> routes, Authenticator authenticator, Set<Role> roles,
            HttpSettings settings) {
        return of(routes, authenticator, Rights.UNTOLD, roles, settings);
    }

    /// With pages of its own for what is refused or fails.
    public static TestServer of(List<Route> routes, Authenticator authenticator, ProblemPage problems) {
        return of(routes, authenticator, Rights.UNTOLD, EnumSet.allOf(Role.class), HttpSettings.at("127.0.0.1", 0),
                problems);
    }

    private static TestServer of(List<Route> routes, Authenticator authenticator, Rights rights, Set<Role> roles,
            HttpSettings settings) {
        return of(routes, authenticator, rights, roles, settings, ProblemPage::plain);
    }

    private static TestServer of(List<Route> routes, Authenticator authenticator, Rights rights, Set<Role> roles,
            HttpSettings settings, ProblemPage problems) {
        try {
            return new TestServer(HttpServer.start(settings, new Router(routes, roles), authenticator, rights,
                    new AnsweredRoutes(routes), problems, new RequestIds(new Random(1))), routes);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public int port() {
        return server.port();
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    public HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    /// `method` with a body of that type.
    public HttpResponse<String> send(String method, String path, String contentType, String body, String... headers) {
        return send(request(path, headers).header("Content-Type", contentType)
                .method(method, BodyPublishers.ofString(body)).build());
    }

    /// Every answer is held against the server's description of itself.
    public HttpResponse<String> send(HttpRequest request) {
        try {
            var answer = client.send(request, BodyHandlers.ofString());
            described.check(answer);
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public HttpRequest.Builder request(String path, String... headers) {
        var builder = HttpRequest.newBuilder(uri(path));
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
