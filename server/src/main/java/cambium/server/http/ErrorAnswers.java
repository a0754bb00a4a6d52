package cambium.server.http;

import cambium.server.access.Actor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Errors as answers: JSON for programs, a small page for browsers, and never a stack trace or a path of the machine.
/// As Jetty's error handler it also answers what never reached a route, such as bad framing.
final class ErrorAnswers implements Request.Handler {
    private static final Map<Integer, String> CODES = Map.of(
            400, "bad_request", 408, "too_slow", 413, "too_large", 414, "uri_too_long", 417, "expectation_failed",
            431, "headers_too_large", 505, "http_version");

    /// A crowd that was refused in one instant is told to come again in so many different seconds.
    private static final int LEAST_SECONDS = 2;
    private static final int DIFFERENT_SECONDS = 6;
    private static final int SECONDS = 5;

    private final ProblemPage page;
    private final AtomicInteger refused = new AtomicInteger();

    ErrorAnswers(ProblemPage page) {
        this.page = page;
    }

    Answer of(Problem problem, String requestId, HttpURI uri, boolean browser,
            Optional<Actor> who) {
        if (browser && problem.status() == 401) {
            var next = URLEncoder.encode(uri.getPathQuery(), StandardCharsets.UTF_8);
            return Answer.redirect(303, "/sign-in?next=" + next).with("Cache-Control", "no-store");
        }
        var answer = browser ? Answer.html(problem.status(), page.html(problem, requestId, who))
                : Answer.json(problem.status(), body(problem, requestId));
        answer = answer.with("Cache-Control", "no-store");
        return switch (problem.status()) {
            case 401 -> answer.with("WWW-Authenticate", "Basic realm=\"cambium\", charset=\"UTF-8\"");
            case 429, 503 -> answer.with("Retry-After", Integer.toString(seconds(problem)));
            case 400, 408, 413 -> answer.with("Connection", "close");
            default -> answer;
        };
    }

    private int seconds(Problem problem) {
        return problem.code().equals(Admission.OVERLOADED)
                ? LEAST_SECONDS + Math.floorMod(refused.getAndIncrement(), DIFFERENT_SECONDS) : SECONDS;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var status = request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer code ? code : 500;
        var name = status == 500 ? "internal" : CODES.getOrDefault(status, "bad_request");
        var message = status >= 500 ? "something went wrong here" : "the request is not well formed";
        var body = Json.write(body(Problem.of(Math.max(400, status), name, message), "none"));
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        // Whoever sends one request that is not well formed gets no second one read from the same connection.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        Content.Sink.write(response, true, new String(body, StandardCharsets.UTF_8), callback);
        return true;
    }

    static Map<String, Object> body(Problem problem, String requestId) {
        var body = new LinkedHashMap<String, Object>();
        if (problem.status() == 401) {
            // The packagecloud clients look for this word.
            body.put("error", "Unauthenticated");
        }
        body.put("code", problem.code());
        body.put("message", problem.message());
        body.put("field", problem.field().orElse(null));
        body.put("request_id", requestId);
        return body;
    }
}
