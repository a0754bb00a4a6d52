package cambium.server.repository.token;

import cambium.server.http.Method;
import cambium.server.http.Route;
import java.util.List;
import java.util.stream.Stream;

/// `/priv/<token>/U/R/…` for whatever package managers read below `/U/R/…`: the form for clients that cannot send
/// credentials in any other way. The token in the path counts like one in the header; the same handlers decide.
public final class PrivatePaths {
    private static final String OF_CLIENTS = "/{owner}/{repo}/";

    private PrivatePaths() {}

    /// The given routes, and the private form of those that have one.
    public static List<Route> with(List<Route> routes) {
        Stream<Route> more = routes.stream()
            .filter(route -> route.method() == Method.GET && route.path().startsWith(OF_CLIENTS))
            .map(route -> new Route(route.method(), "/priv/{token}" + route.path(), route.role(), route.permission(),
                route.handler()));
        return Stream.concat(routes.stream(), more).toList();
    }
}
