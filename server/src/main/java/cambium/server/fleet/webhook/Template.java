package cambium.server.fleet.webhook;

import cambium.server.http.Json;
import cambium.server.http.Refused;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Puts variables in where a text says `${NAME}`, each escaped for its place; nothing is evaluated, and what was put in
/// is not looked at again. In JSON only the inside of texts is filled, so a value can never become anything but text.
final class Template {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern HEADER = Pattern.compile("[\\x20-\\x7e]*");

    private final Variables variables;

    /// What a name stands for.
    interface Variables {
        Optional<String> named(String name) throws Unusable;
    }

    Template(Variables variables) {
        this.variables = variables;
    }

    String plain(String text) throws Unusable {
        return filled(text, UnaryOperator.identity());
    }

    String header(String text) throws Unusable {
        var value = plain(text);
        if (!HEADER.matcher(value).matches()) {
            throw new Unusable("a header would hold characters that no header may hold");
        }
        return value;
    }

    String url(String text) throws Unusable {
        return filled(text, Template::percent);
    }

    /// Fields may stand on lines of their own.
    String form(String text) throws Unusable {
        return filled(text.replaceAll("\\s*\\R\\s*", ""), Template::percent);
    }

    byte[] json(byte[] text) throws Unusable {
        try {
            return Json.write(filled(Json.read(text)));
        } catch (Refused malformed) {
            throw new Unusable("the body is not JSON: " + malformed.getMessage());
        }
    }

    private JsonNode filled(JsonNode node) throws Unusable {
        if (node.isTextual()) {
            return JsonNodeFactory.instance.textNode(plain(node.textValue()));
        }
        if (node.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            for (var item : node) {
                array.add(filled(item));
            }
            return array;
        }
        if (node.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            for (var field : node.properties()) {
                object.set(field.getKey(), filled(field.getValue()));
            }
            return object;
        }
        return node;
    }

    private String filled(String text, UnaryOperator<String> escape) throws Unusable {
        var out = new StringBuilder();
        var match = VARIABLE.matcher(text);
        var end = 0;
        while (match.find()) {
            var name = match.group(1);
            var value = variables.named(name).orElseThrow(() -> new Unusable("there is no ${" + name + "} here"));
            out.append(text, end, match.start()).append(escape.apply(value));
            end = match.end();
        }
        return out.append(text.substring(end)).toString();
    }

    private static String percent(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
    }
}
