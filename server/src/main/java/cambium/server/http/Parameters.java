package cambium.server.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Names and values that came with a call, whatever carried them: query, form or JSON body. Bracketed names are kept
/// as they are (`repository[name]`), and JSON `{"repository":{"name":…}}` gives the same name. Order of arrival.
public final class Parameters {
    private final Map<String, List<String>> values;

    public Parameters(Map<String, List<String>> values) {
        var copy = new LinkedHashMap<String, List<String>>();
        values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
        this.values = Collections.unmodifiableMap(copy);
    }

    /// The first value of that name; the query comes before the body.
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// All names, in order of arrival.
    public List<String> names() {
        return new ArrayList<>(values.keySet());
    }

    @Override
    public String toString() {
        return "Parameters" + names();
    }
}
