package cambium.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.server.testing.AnsweredRoutes;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Every operation that the server describes was answered well, at least once, in the tests of this module that ran
/// before. It says nothing by itself: run it with the others.
@Tag("comes-last")
class DescribedRoutesTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");
    private static final char REFUSED = '4';

    @Test
    void everyOperationWasAnsweredWellInThisRun() throws Exception {
        var answered = AnsweredRoutes.all();
        assertFalse(answered.isEmpty(), "no other test of this module ran before");
        var never = new TreeSet<String>();
        var operations = 0;
        for (var path : map(description().get("paths")).entrySet()) {
            for (var operation : map(path.getValue()).entrySet()) {
                if (METHODS.contains(operation.getKey())) {
                    operations++;
                    var name = operation.getKey().toUpperCase() + " " + path.getKey();
                    if (good(operation.getValue()).stream().noneMatch(status ->
                            answered.contains(name + " " + status))) {
                        never.add(name);
                    }
                }
            }
        }
        assertTrue(operations > 150, "described " + operations);
        assertEquals("", String.join("\n", never));
    }

    /// The described answers that tell of success; all of them where there is none, as for what is not kept here.
    private static List<String> good(Object operation) {
        var all = map(map(operation).get("responses")).keySet().stream().map(String::valueOf).toList();
        var good = all.stream().filter(status -> status.charAt(0) < REFUSED).toList();
        return good.isEmpty() ? all : good;
    }

    private static Map<String, Object> description() throws Exception {
        try (InputStream in = Wiring.class.getResourceAsStream("openapi.yaml")) {
            return map(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }
}
