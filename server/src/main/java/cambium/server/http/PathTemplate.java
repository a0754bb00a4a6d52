package cambium.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The path of a route, taken apart once: literals, `{name}` with an optional literal tail, `{rest...}` at the end.
record PathTemplate(List<Part> parts) {
    private static final String OPTIONAL_JSON = "[.json]";
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z][A-Za-z0-9]*)(\\.\\.\\.)?}([^{}\\[\\]]*)");
    private static final Pattern LITERAL = Pattern.compile("[^{}\\[\\]]+");

    /// The parts in the order in which they are tried.
    sealed interface Part {
        /// Exactly this segment.
        record Literal(String text) implements Part {}

        /// One segment; `tail` is a literal end that is not part of the value.
        record Parameter(String name, String tail) implements Part {}

        /// All remaining segments, at least one.
        record Rest(String name) implements Part {}
    }

    PathTemplate {
        parts = List.copyOf(parts);
    }

    /// One template, or two where the path ends in `[.json]`.
    static List<PathTemplate> allOf(String path) {
        if (!path.endsWith(OPTIONAL_JSON)) {
            return List.of(of(path));
        }
        var plain = path.substring(0, path.length() - OPTIONAL_JSON.length());
        return List.of(of(plain + ".json"), of(plain));
    }

    private static PathTemplate of(String path) {
        var parts = new ArrayList<Part>();
        for (var text : path.substring(1).split("/")) {
            if (!text.isEmpty()) {
                parts.add(part(text, path));
            }
        }
        for (var i = 0; i < parts.size() - 1; i++) {
            if (parts.get(i) instanceof Part.Rest) {
                throw new IllegalStateException("'{name...}' stands only at the end of a route: " + path);
            }
        }
        return new PathTemplate(parts);
    }

    private static Part part(String text, String path) {
        var parameter = PARAMETER.matcher(text);
        if (parameter.matches()) {
            return parameter.group(2) == null
                    ? new Part.Parameter(parameter.group(1), parameter.group(3))
                    : new Part.Rest(parameter.group(1));
        }
        if (!LITERAL.matcher(text).matches()) {
            throw new IllegalStateException("segment '" + text + "' of the route " + path + " is not understood");
        }
        return new Part.Literal(text);
    }
}
