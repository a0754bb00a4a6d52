package cambium.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouterTest {
    @Test
    void prefersLiteralsThenTailsThenParametersThenTheRest() {
        var router = router("/a/{x}", "/a/b", "/a/{x}.json", "/a/{rest...}", "/{all...}");
        assertFound(router, "/a/b", "/a/b", Map.of());
        assertFound(router, "/a/c", "/a/{x}", Map.of("x", "c"));
        assertFound(router, "/a/c.json", "/a/{x}.json", Map.of("x", "c"));
        assertFound(router, "/a/.json", "/a/{x}", Map.of("x", ".json"));
        assertFound(router, "/a/c/d", "/a/{rest...}", Map.of("rest", "c/d"));
        assertFound(router, "/z", "/{all...}", Map.of("all", "z"));
    }

    @Test
    void goesBackWhereALiteralLeadsNowhere() {
        var router = router("/a/b/c", "/a/{x}/d", "/{x}/b/e");
        assertFound(router, "/a/b/d", "/a/{x}/d", Map.of("x", "b"));
        assertFound(router, "/a/b/e", "/{x}/b/e", Map.of("x", "a"));
    }

    @Test
    void takesAnOptionalJsonSuffixAndDoubledSlashes() {
        var router = router("/api/v1/repos/{owner}/{name}[.json]");
        var parameters = Map.of("owner", "acme", "name", "storefront");
        assertFound(router, "/api/v1/repos/acme/storefront", "/api/v1/repos/{owner}/{name}[.json]", parameters);
        assertFound(router, "//api//v1/repos/acme/storefront.json", "/api/v1/repos/{owner}/{name}[.json]", parameters);
    }

    @Test
    void tellsAnUnknownPathFromAnotherMethodAndAnotherRole() {
        var router = new Router(List.of(
                route(Method.GET, "/a", Role.WEB), route(Method.PUT, "/a", Role.WEB),
                route(Method.POST, "/b", Role.UPLOAD)), EnumSet.of(Role.WEB));
        assertInstanceOf(Router.Match.Nothing.class, match(router, Method.GET, "/c"));
        assertEquals(new Router.Match.OtherMethods(Set.of(Method.GET, Method.PUT)), match(router, Method.POST, "/a"));
        assertEquals(new Router.Match.Elsewhere(Role.UPLOAD), match(router, Method.POST, "/b"));
        assertEquals(new Router.Match.OtherMethods(Set.of(Method.GET, Method.PUT)),
                router.match(Optional.empty(), RequestPath.parse("/a").orElseThrow()));
    }

    @Test
    void refusesTwoRoutesForTheSameRequest() {
        var clash = assertThrows(IllegalStateException.class, () -> router("/a/{x}[.json]", "/a/{y}"));
        assertEquals("two routes answer GET: /a/{x}[.json] and /a/{y}", clash.getMessage());
        assertThrows(IllegalStateException.class, () -> router("/{x...}/a"));
        assertThrows(IllegalStateException.class, () -> router("/{x}/{x}"));
        assertThrows(IllegalStateException.class, () -> router("/a{x}"));
    }

    @Test
    void decodesAPathOnceAndRefusesWhatCouldBeReadInTwoWays() {
        assertEquals(List.of("i386 amd64", "a+b", "1:2~3"),
                RequestPath.parse("/i386%20amd64/a+b//1:2%7e3/").orElseThrow().segments());
        var hostile = List.of("/a%2fb", "/a%5cb", "/a%00b", "/../a", "/a/%2e%2e/b", "/a/./b", "/%252e%252e", "/a%25",
                "/a%", "/a%zz", "/%c0%ae", "/%ff", "/a;b=c", "/a\\b", "/a%0d%0ab", "/a%7f", "/%2F", "a");
        for (var path : hostile) {
            if (!path.equals("/a%25")) {
                assertEquals(Optional.empty(), RequestPath.parse(path), path);
            }
        }
        assertEquals(List.of("a%"), RequestPath.parse("/a%25").orElseThrow().segments());
    }

    private static void assertFound(Router router, String path, String template, Map<String, String> parameters) {
        var found = assertInstanceOf(Router.Match.Found.class, match(router, Method.GET, path));
        assertEquals(template, found.route().path());
        assertEquals(parameters, found.parameters());
    }

    private static Router.Match match(Router router, Method method, String path) {
        return router.match(Optional.of(method), RequestPath.parse(path).orElseThrow());
    }

    private static Router router(String... paths) {
        return new Router(Arrays.stream(paths).map(path -> route(Method.GET, path, Role.WEB)).toList(),
                EnumSet.allOf(Role.class));
    }

    private static Route route(Method method, String path, Role role) {
        return new Route(method, path, role, Permission.NONE, _ -> Answer.empty(204));
    }
}
