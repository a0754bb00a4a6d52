package cambium.server.access.openid;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Claims by their name. A name with dots that is none itself leads into objects, as `realm_access.roles` does.
record Claims(JsonNode json) {
    Optional<String> text(String name) {
        return Optional.of(at(name)).filter(JsonNode::isTextual).map(JsonNode::textValue)
                .filter(text -> !text.isBlank());
    }

    /// One text or several; empty where there is no such claim. What is no text is left out.
    Optional<Set<String>> texts(String name) {
        var node = at(name);
        if (!node.isTextual() && !node.isArray()) {
            return Optional.empty();
        }
        var texts = new LinkedHashSet<String>();
        if (node.isTextual()) {
            texts.add(node.textValue());
        }
        node.forEach(item -> {
            if (item.isTextual()) {
                texts.add(item.textValue());
            }
        });
        return Optional.of(texts);
    }

    private JsonNode at(String name) {
        if (json.has(name)) {
            return json.get(name);
        }
        var node = json;
        for (var part : name.split("\\.")) {
            node = node.path(part);
        }
        return node;
    }
}
