package cambium.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Makes [Parameters] of what clients send. Names keep their brackets; JSON objects get them.
final class ParameterReader {
    private static final int MAX_PARAMETERS = 1000;

    private ParameterReader() {}

    static boolean isJson(String contentType) {
        return mediaType(contentType).equals("application/json") || mediaType(contentType).endsWith("+json");
    }

    /// A body without a type counts as a form: a packagecloud client sends it so.
    static boolean isForm(String contentType) {
        return contentType.isBlank() || mediaType(contentType).equals("application/x-www-form-urlencoded");
    }

    static Parameters ofQuery(String query) {
        return ofPairs(query);
    }

    static Parameters ofForm(byte[] body) {
        return ofPairs(new String(body, StandardCharsets.UTF_8));
    }

    static Parameters ofJson(JsonNode node) {
        if (!node.isObject()) {
            throw new Refused(400, "invalid_json", "the body is not a JSON object");
        }
        var values = new LinkedHashMap<String, List<String>>();
        flatten("", node, values);
        return new Parameters(values);
    }

    static Parameters merged(Parameters first, Parameters second) {
        var values = new LinkedHashMap<String, List<String>>();
        for (var source : List.of(first, second)) {
            for (var name : source.names()) {
                values.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(source.all(name));
            }
        }
        return new Parameters(values);
    }

    private static Parameters ofPairs(String text) {
        var values = new LinkedHashMap<String, List<String>>();
        var count = 0;
        for (var pair : text.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAX_PARAMETERS) {
                throw new Refused(400, "too_many_parameters", "more than " + MAX_PARAMETERS + " parameters");
            }
            var equals = pair.indexOf('=');
            var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            var value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return new Parameters(values);
    }

    private static void flatten(String name, JsonNode node, Map<String, List<String>> values) {
        if (node.isObject()) {
            for (var field : node.properties()) {
                flatten(name.isEmpty() ? field.getKey() : name + "[" + field.getKey() + "]", field.getValue(), values);
            }
        } else if (node.isArray()) {
            for (var item : node) {
                flatten(name + "[]", item, values);
            }
        } else if (!node.isNull()) {
            values.computeIfAbsent(name, _ -> new ArrayList<>()).add(node.asText());
        }
        if (values.size() > MAX_PARAMETERS) {
            throw new Refused(400, "too_many_parameters", "more than " + MAX_PARAMETERS + " parameters");
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "invalid_parameter", "a parameter is not encoded as it should be");
        }
    }

    private static String mediaType(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
