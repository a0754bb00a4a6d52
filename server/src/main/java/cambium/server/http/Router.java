package cambium.server.http;

import cambium.server.config.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The table of routes. Literals win over parameters with a tail, those over plain parameters, those over the rest of a
/// path. Two routes that would answer the same request are refused when the table is made.
public final class Router {
    private final Branch root = new Branch();
    private final List<Route> routes;
    private final Set<Role> rolesHere;

    public Router(List<Route> routes, Set<Role> rolesHere) {
        this.routes = List.copyOf(routes);
        this.rolesHere = Collections.unmodifiableSet(EnumSet.copyOf(rolesHere));
        for (var route : this.routes) {
            for (var template : PathTemplate.allOf(route.path())) {
                place(route, template);
            }
        }
    }

    /// What the table says about a request.
    sealed interface Match {
        /// The route that answers, with the parameters of its path.
        record Found(Route route, Map<String, String> parameters) implements Match {}

        /// A route answers, but not in this process.
        record Elsewhere(Role role) implements Match {}

        /// The path exists with other methods.
        record OtherMethods(Set<Method> allowed) implements Match {}

        record Nothing() implements Match {}
    }

    /// The whole table, in the order in which it was given.
    public List<Route> routes() {
        return routes;
    }

    /// `method` is empty for one that no route can have.
    Match match(Optional<Method> method, RequestPath path) {
        var allowed = EnumSet.noneOf(Method.class);
        var trail = new ArrayList<String>();
        var leaf = root.find(path.segments(), 0, method, allowed, trail);
        if (leaf.isEmpty()) {
            return allowed.isEmpty() ? new Match.Nothing() : new Match.OtherMethods(allowed);
        }
        var entry = leaf.get();
        if (!rolesHere.contains(entry.route.role())) {
            return new Match.Elsewhere(entry.route.role());
        }
        var parameters = new LinkedHashMap<String, String>();
        for (var i = 0; i < trail.size(); i++) {
            parameters.put(entry.names.get(i), trail.get(i));
        }
        return new Match.Found(entry.route, Collections.unmodifiableMap(parameters));
    }

    private void place(Route route, PathTemplate template) {
        var branch = root;
        var names = new ArrayList<String>();
        for (var part : template.parts()) {
            switch (part) {
                case PathTemplate.Part.Literal(var text) ->
                        branch = branch.literals.computeIfAbsent(text, _ -> new Branch());
                case PathTemplate.Part.Parameter(var name, var tail) -> {
                    names.add(name);
                    branch = branch.parameter(tail);
                }
                case PathTemplate.Part.Rest(var name) -> {
                    names.add(name);
                    branch = branch.rest();
                }
            }
        }
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalStateException("a name stands twice in the route " + route.path());
        }
        var earlier = branch.entries.putIfAbsent(route.method(), new Entry(route, List.copyOf(names)));
        if (earlier != null) {
            throw new IllegalStateException("two routes answer " + route.method() + ": " + earlier.route.path()
                    + " and " + route.path());
        }
    }

    private record Entry(Route route, List<String> names) {}

    private static final class Branch {
        private final Map<String, Branch> literals = new LinkedHashMap<>();
        private final List<TailedBranch> parameters = new ArrayList<>();
        private final Map<Method, Entry> entries = new EnumMap<>(Method.class);
        private Optional<Branch> rest = Optional.empty();

        private record TailedBranch(String tail, Branch branch) {}

        Branch parameter(String tail) {
            for (var known : parameters) {
                if (known.tail.equals(tail)) {
                    return known.branch;
                }
            }
            var fresh = new TailedBranch(tail, new Branch());
            parameters.add(fresh);
            parameters.sort((a, b) -> b.tail.length() - a.tail.length());
            return fresh.branch;
        }

        Branch rest() {
            if (rest.isEmpty()) {
                rest = Optional.of(new Branch());
            }
            return rest.get();
        }

        Optional<Entry> find(List<String> path, int at, Optional<Method> method, Set<Method> allowed,
                List<String> trail) {
            if (at == path.size()) {
                allowed.addAll(entries.keySet());
                return method.map(entries::get);
            }
            var segment = path.get(at);
            var literal = literals.get(segment);
            if (literal != null) {
                var found = literal.find(path, at + 1, method, allowed, trail);
                if (found.isPresent()) {
                    return found;
                }
            }
            for (var parameter : parameters) {
                var tail = parameter.tail;
                if (segment.length() > tail.length() && segment.endsWith(tail)) {
                    trail.addLast(segment.substring(0, segment.length() - tail.length()));
                    var found = parameter.branch.find(path, at + 1, method, allowed, trail);
                    if (found.isPresent()) {
                        return found;
                    }
                    trail.removeLast();
                }
            }
            return rest.flatMap(branch -> branch.take(path.subList(at, path.size()), method, allowed, trail));
        }

        private Optional<Entry> take(List<String> remaining, Optional<Method> method, Set<Method> allowed,
                List<String> trail) {
            allowed.addAll(entries.keySet());
            var found = method.map(entries::get);
            found.ifPresent(_ -> trail.addLast(String.join("/", remaining)));
            return found;
        }
    }
}
