package cambium.server.fleet.webhook;

import cambium.server.http.Json;
import cambium.server.http.Refused;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;

/// Reads what a pipeline's server answers.
final class Answers {
    private static final int MAX_TEXT_CHARACTERS = 2_000;

    private Answers() {}

    /// The tree of a body; a missing node where it is no JSON.
    static JsonNode tree(byte[] body) {
        try {
            return Json.read(body);
        } catch (Refused malformed) {
            return MissingNode.getInstance();
        }
    }

    /// A text, number or truth at that place.
    static Optional<String> text(JsonNode tree, String pointer) {
        var node = tree.at(pointer);
        return node.isValueNode() && !node.isNull() && !node.asText().isBlank()
                && node.asText().length() <= MAX_TEXT_CHARACTERS ? Optional.of(node.asText()) : Optional.empty();
    }

    static Optional<String> first(JsonNode tree, List<String> pointers) {
        return pointers.stream().flatMap(pointer -> text(tree, pointer).stream()).findFirst();
    }
}
