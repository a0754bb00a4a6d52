package cambium.server.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Compares JSON with the schemas of an OpenAPI document, as far as ours goes: `$ref`, `type`, `properties`,
/// `required`, `items`, `enum`, `additionalProperties`, `allOf`, `oneOf`, `anyOf`. An object whose properties are
/// listed may have no others, unless it says so.
final class JsonForm {
    private final Map<String, Object> document;

    JsonForm(Map<String, Object> document) {
        this.document = document;
    }

    /// What a `$ref` leads to, or the node itself.
    Map<String, Object> target(Object node) {
        Map<String, Object> map = DescribedAnswers.map(node);
        if (!map.containsKey("$ref")) {
            return map;
        }
        Object at = document;
        for (String step : map.get("$ref").toString().substring(2).split("/")) {
            at = DescribedAnswers.map(at).get(step);
        }
        return target(at);
    }

    /// The first difference, and where; empty when the value has that form.
    Optional<String> problem(Object schema, JsonNode value, String at) {
        Map<String, Object> form = target(schema);
        if (form.get("enum") instanceof List<?> values && !values.contains(value.isNull() ? null : value.asText())) {
            return Optional.of(at + " is " + value + ", not one of " + values);
        }
        if (form.containsKey("type") && types(form.get("type")).stream().noneMatch(type -> is(type, value))) {
            return Optional.of(at + " is " + value.getNodeType() + ", not " + form.get("type"));
        }
        for (String several : List.of("oneOf", "anyOf")) {
            if (form.get(several) instanceof List<?> forms
                && forms.stream().noneMatch(one -> problem(one, value, at).isEmpty())) {
                return Optional.of(at + " fits none of its forms");
            }
        }
        return value.isObject() ? ofObject(form, value, at) : value.isArray() ? ofArray(form, value, at)
            : Optional.empty();
    }

    private Optional<String> ofArray(Map<String, Object> form, JsonNode value, String at) {
        for (int i = 0; i < value.size() && form.containsKey("items"); i++) {
            Optional<String> problem = problem(form.get("items"), value.get(i), at + "/" + i);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> ofObject(Map<String, Object> form, JsonNode value, String at) {
        if (form.get("allOf") instanceof List<?> all) {
            return ofObject(merged(form, all), value, at);
        }
        if (form.get("required") instanceof List<?> required) {
            for (Object name : required) {
                if (!value.has(name.toString())) {
                    return Optional.of(at + " has no " + name);
                }
            }
        }
        Object others = form.getOrDefault("additionalProperties", !form.containsKey("properties"));
        Map<String, Object> known = DescribedAnswers.map(form.getOrDefault("properties", Map.of()));
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String place = at + "/" + field.getKey();
            Object schema = known.containsKey(field.getKey()) ? known.get(field.getKey()) : others;
            if (Boolean.FALSE.equals(schema)) {
                return Optional.of(place + " is not described");
            }
            Optional<String> problem = Boolean.TRUE.equals(schema) ? Optional.empty()
                : problem(schema, field.getValue(), place);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    /// The names of a form's fields, and whether each is required. What is an object in JSON nests by brackets:
    /// `read_token[name]`; of a list each value is a field, `events[]`.
    SequencedMap<String, Boolean> names(Object schema) {
        Map<String, Object> form = target(schema);
        Map<String, Object> whole = form.get("allOf") instanceof List<?> all ? merged(form, all) : form;
        var required = (List<?>) whole.getOrDefault("required", List.of());
        var names = new LinkedHashMap<String, Boolean>();
        DescribedAnswers.map(whole.getOrDefault("properties", Map.of())).forEach((name, inner) -> {
            boolean isRequired = required.contains(name);
            names.put(name, isRequired);
            names(inner).forEach((under, isAlsoRequired) -> {
                names.put(name, false);
                names.put(name + "[" + under + "]", isRequired && isAlsoRequired);
            });
            if (target(inner).containsKey("items")) {
                names.put(name, false);
                names.put(name + "[]", isRequired);
            }
        });
        return names;
    }

    private Map<String, Object> merged(Map<String, Object> form, List<?> all) {
        var properties = new LinkedHashMap<>(DescribedAnswers.map(form.getOrDefault("properties", Map.of())));
        var required = new ArrayList<Object>();
        for (Object one : all) {
            Map<String, Object> part = target(one);
            if (part.get("allOf") instanceof List<?> deeper) {
                part = merged(part, deeper);
            }
            properties.putAll(DescribedAnswers.map(part.getOrDefault("properties", Map.of())));
            if (part.get("required") instanceof List<?> names) {
                required.addAll(names);
            }
        }
        return Map.of("properties", properties, "required", required);
    }

    private static List<?> types(Object type) {
        return type instanceof List<?> several ? several : List.of(type);
    }

    private static boolean is(Object type, JsonNode value) {
        return switch (type.toString()) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            case "null" -> value.isNull();
            default -> throw new IllegalStateException("no such type of JSON: " + type);
        };
    }
}
