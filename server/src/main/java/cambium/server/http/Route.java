package cambium.server.http;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import java.util.Objects;
import java.util.Optional;

/// One line of the table of routes: what is asked, which role answers it, who may ask, and who answers.
///
/// `path` starts with `/`. Its segments are literals, `{name}` for one segment (decoded once), or, only at the end,
/// `{name...}` for all remaining segments (at least one, joined by `/`). `[.json]` at the end makes that suffix
/// optional, and `{name}.json` keeps the literal tail out of the parameter. `{token}` is the caller's credential.
///
/// @param signedOut what answers whoever has not signed in and may not ask, instead of a refusal: it does nothing but
///     show again what was sent
public record Route(Method method, String path, Role role, Permission permission, Handler handler,
        Optional<Handler> signedOut) {
    static final String TOKEN = "token";

    public Route(Method method, String path, Role role, Permission permission, Handler handler) {
        this(method, path, role, permission, handler, Optional.empty());
    }

    public Route orSignedOut(Handler answer) {
        return new Route(method, path, role, permission, handler, Optional.of(answer));
    }

    public Route {
        Objects.requireNonNull(method);
        Objects.requireNonNull(role);
        Objects.requireNonNull(permission);
        Objects.requireNonNull(handler);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a route starts with '/': '" + path + "'");
        }
    }
}
