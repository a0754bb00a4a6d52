package cambium.server.http;

import cambium.server.access.Permission;
import cambium.server.access.Rights;
import cambium.server.config.HeapDamage;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// What every request passes: path checked and decoded once, route found, actor identified, permission asked, handler
/// called, answer written. The one place where an exception becomes an answer.
final class FrontHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(FrontHandler.class);
    private static final int MAX_URI_BYTES = 8 * 1024;

    private final HttpSettings settings;
    private final Router router;
    private final Authenticator authenticator;
    private final Rights rights;
    private final TrafficObserver observer;
    private final RequestIds ids;
    private final EventStreams streams;
    private final HeaderDeadline deadline;
    private final SlowReaders slowReaders;
    private final Admission admission;
    private final ErrorAnswers errors;

    FrontHandler(HttpSettings settings, Router router, Authenticator authenticator, Rights rights,
            TrafficObserver observer, RequestIds ids, EventStreams streams, HeaderDeadline deadline,
            SlowReaders slowReaders, ErrorAnswers errors) {
        this.settings = settings;
        this.router = router;
        this.authenticator = authenticator;
        this.rights = rights;
        this.observer = observer;
        this.ids = ids;
        this.streams = streams;
        this.deadline = deadline;
        this.slowReaders = slowReaders;
        this.admission = new Admission(settings.limits());
        this.errors = errors;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var connection = request.getConnectionMetaData().getConnection();
        deadline.headArrived(connection);
        Request.addCompletionListener(request, _ -> deadline.requestDone(connection));
        // A handler that works for long without reading or writing is not idle.
        request.addIdleTimeoutListener(_ -> false);
        var exchange = new Exchange(request, response, callback, ids.next(), System.nanoTime());
        MDC.put("request", exchange.id);
        try {
            exchange.answer(answer(exchange));
        } catch (Throwable e) {
            exchange.fail(e);
        } finally {
            MDC.remove("request");
        }
        return true;
    }

    private Answer answer(Exchange exchange) throws Exception {
        var uri = exchange.request.getHttpURI();
        if (uri.getPathQuery().length() > MAX_URI_BYTES) {
            throw new Refused(414, "uri_too_long", "the address is longer than " + MAX_URI_BYTES + " bytes");
        }
        var path = RequestPath.parse(uri.getPath()).orElseThrow(
                () -> new Refused(400, "invalid_path", "the path has parts that could be read in two ways"));
        var name = exchange.request.getMethod();
        var method = "HEAD".equals(name) ? Optional.of(Method.GET) : methodOf(name);
        return switch (router.match(method, path)) {
            case Router.Match.Nothing() -> throw new Refused(404, "not_found", "there is nothing here");
            case Router.Match.Elsewhere(var role) -> throw new Refused(421, "role_not_here",
                    "this process does not have the role " + role.name().toLowerCase(Locale.ROOT));
            case Router.Match.OtherMethods(var allowed) -> {
                exchange.allow(allowed.stream().map(m -> m == Method.GET ? "GET, HEAD" : m.name())
                        .collect(Collectors.joining(", ")));
                throw new Refused(405, "method_not_allowed", "this address does not take " + name);
            }
            case Router.Match.Found(var route, var parameters) -> {
                exchange.route = Optional.of(route);
                var call = new JettyCall(exchange.request, route, path, parameters, exchange.id, settings,
                        authenticator, rights);
                var standing = authenticator.standing(call);
                exchange.call = Optional.of(call);
                yield admission.handle(route, standing, () -> authenticator.identify(call), () -> {
                    if (route.signedOut().isPresent() && call.actor().isAnonymous()
                            && !call.actor().may(route.permission())) {
                        return route.signedOut().get().handle(call);
                    }
                    if (route.permission() != Permission.NONE) {
                        call.require(route.permission());
                    }
                    return route.handler().handle(call);
                });
            }
        };
    }

    private static Optional<Method> methodOf(String name) {
        for (var method : Method.values()) {
            if (method.name().equals(name)) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }

    /// One request on its way to its answer.
    private final class Exchange {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final String id;
        private final long startNanos;
        private Optional<Route> route = Optional.empty();
        private Optional<JettyCall> call = Optional.empty();

        Exchange(Request request, Response response, Callback callback, String id, long startNanos) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.id = id;
            this.startNanos = startNanos;
            response.getHeaders().put("X-Request-Id", id);
        }

        void allow(String methods) {
            response.getHeaders().put(HttpHeader.ALLOW, methods);
        }

        /// A connection whose next bytes are the rest of an unread body cannot be used again, and the client is told
        /// before it tries. What is to be called when the answer is written.
        private Callback announceEnd() {
            if (UnreadRest.isNone(request)) {
                return callback;
            }
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            return new UnreadRest(request, callback);
        }

        void answer(Answer answer) throws Exception {
            var written = answer instanceof Answer.Lines ? callback : announceEnd();
            var guarded = route.filter(r -> r.permission() != Permission.NONE).isPresent();
            new AnswerWriter(request, response, written, streams, slowReaders, guarded).write(answer);
            done();
        }

        void fail(Throwable e) {
            HeapDamage.note(e);
            if (response.isCommitted()) {
                LOG.debug("an answer broke off: {}", e.toString());
                callback.failed(e);
                done();
                return;
            }
            var written = announceEnd();
            var problem = Problems.of(e);
            if (e instanceof Refused) {
                LOG.debug("refused: {}", e.getMessage());
            } else if (problem.status() >= 500) {
                LOG.error("{} {} failed", request.getMethod(), route.map(Route::path).orElse("none"), e);
            }
            try {
                var path = request.getHttpURI().getPath();
                // A path that holds a token never becomes part of another address.
                var browser = "GET".equals(request.getMethod()) && !path.contains("/api/") && !path.contains("/priv/")
                        && Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT)).orElse("")
                                .contains("text/html");
                new AnswerWriter(request, response, written, streams, slowReaders, true)
                        .write(errors.of(problem, id, request.getHttpURI(), browser, call.flatMap(JettyCall::known)));
            } catch (Exception secondary) {
                callback.failed(secondary);
            }
            done();
        }

        private void done() {
            var took = Duration.ofNanos(System.nanoTime() - startNanos);
            var template = route.map(Route::path).orElse("none");
            var method = route.map(r -> r.method().name()).orElse("other");
            observer.answered(template, method, response.getStatus(), took);
            if (route.filter(r -> !r.method().isSafe()).isPresent()) {
                LOG.info("{} {} {} in {} ms", method, template, response.getStatus(), took.toMillis());
            } else {
                LOG.debug("{} {} {} in {} ms", method, template, response.getStatus(), took.toMillis());
            }
        }
    }
}
