package cambium.server.pages;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Json;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/// Lets pages act, and read, by the routes of the API: what a form does is what a client would do, with the same
/// checks, the same permission and the same effect. Names in the path and in the form are those of the API.
final class ApiActs {
    private final List<Route> api;

    ApiActs(List<Route> api) {
        this.api = List.copyOf(api);
    }

    /// One route of the API. Asking for one that is not in the table is a bug, found when the pages are made.
    ApiAct act(Method method, String path) {
        return find(method, path).orElseThrow(() ->
                new IllegalStateException("the API has no route " + method + " " + path));
    }

    Optional<ApiAct> find(Method method, String path) {
        return api.stream()
                .filter(route -> route.method() == method && route.path().equals(path))
                .findFirst()
                .map(route -> new ApiAct(route.role(), route.permission(), route.handler()));
    }

    /// `permission` is for the page to ask before it calls.
    record ApiAct(Role role, Permission permission, Handler handler) {
        boolean isFor(Call call) {
            return call.actor().may(permission);
        }

        Outcome ask(Call call) throws Exception {
            try {
                return handler.handle(call) instanceof Answer.Bytes answer ? outcome(answer)
                        : new Outcome.Declined(500, "", "the answer cannot be shown");
            } catch (Refused refused) {
                return new Outcome.Declined(refused.problem().status(), refused.problem().field().orElse(""),
                        refused.problem().message());
            }
        }

        /// What it reads, for whoever may; the API's own refusal otherwise.
        JsonNode read(Call call) throws Exception {
            return switch (ask(call)) {
                case Outcome.Done(_, JsonNode body) -> body;
                case Outcome.Declined(int status, _, String message) -> throw new Refused(status, "declined", message);
            };
        }
    }

    /// What the API said.
    sealed interface Outcome {
        record Done(int status, JsonNode body) implements Outcome {}

        /// `field` is the field to blame, or empty.
        record Declined(int status, String field, String message) implements Outcome {}
    }

    static Outcome outcome(Answer.Bytes answer) {
        JsonNode body = answer.body().length == 0 || !answer.contentType().contains("json")
                ? Json.read("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)) : Json.read(answer.body());
        if (answer.status() < 400) {
            return new Outcome.Done(answer.status(), body);
        }
        Optional<String> reason = Optional.ofNullable(answer.headers().get("X-Cambium-Reason"));
        for (var field : body.properties()) {
            if (field.getValue().isArray() && !field.getValue().isEmpty()) {
                String said = words(field.getKey()) + " " + field.getValue().get(0).asText();
                return new Outcome.Declined(answer.status(), field.getKey(),
                        said + reason.map(why -> ": " + why).orElse(""));
            }
        }
        String message = body.path("message").asText(reason.orElse(body.path("error").asText("it was refused")));
        return new Outcome.Declined(answer.status(), body.path("field").asText(""), message);
    }

    /// `package_file` says nothing to people; its message stands alone.
    private static String words(String field) {
        return switch (field) {
            case "package_file" -> "The file:";
            case "distro_version_id" -> "The distribution";
            case "filename" -> "The file name";
            case "name" -> "The name";
            default -> field;
        };
    }
}
