package cambium.server.testing;

import cambium.server.http.Json;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Holds requests that were answered well against the description: every parameter of the query is described and none
/// that is required is missing; a body has a described type and exactly the described form. What a test sends broken
/// on purpose is refused, and not looked at.
final class DescribedRequests {
    private static final Pattern PART = Pattern.compile("form-data;[^\r\n]*?\\bname=\"?([^\";\r\n]+)",
        Pattern.CASE_INSENSITIVE);

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";

    private final JsonForm form;

    DescribedRequests(JsonForm form) {
        this.form = form;
    }

    /// The first difference.
    Optional<String> problem(Map<String, Object> path, Map<String, Object> operation, HttpRequest request) {
        Set<String> query = names(Optional.ofNullable(request.uri().getRawQuery()).orElse(""));
        var body = form.target(operation.getOrDefault("requestBody", Map.of()));
        Map<String, Object> types = DescribedAnswers.map(body.getOrDefault("content", Map.of()));
        var undescribed = new LinkedHashSet<>(query);
        for (Object one : Stream.of(path, operation).flatMap(from -> parameters(from).stream()).toList()) {
            Map<String, Object> parameter = form.target(one);
            if (parameter.get("in").equals("query")) {
                undescribed.remove(parameter.get("name").toString());
                if (Boolean.TRUE.equals(parameter.get("required")) && !query.contains(parameter.get("name"))) {
                    return Optional.of("the query has no " + parameter.get("name"));
                }
            }
        }
        return types.containsKey(FORM) ? ofFormBody(types, request, undescribed)
            : undescribed.stream().findFirst().map(name -> "the parameter " + name + " of the query is not described")
                .or(() -> ofBody(types, request));
    }

    private static List<?> parameters(Map<String, Object> from) {
        return (List<?>) from.getOrDefault("parameters", List.of());
    }

    /// Of a query or a form.
    private static Set<String> names(String encoded) {
        var names = new LinkedHashSet<String>();
        Stream.of(encoded.split("&")).filter(pair -> !pair.isEmpty())
            .forEach(pair -> names.add(URLDecoder.decode(pair.replaceAll("=.*", ""), StandardCharsets.UTF_8)));
        return names;
    }

    /// A form may be of several types or of none, and its fields may stand in the query.
    private Optional<String> ofFormBody(Map<String, Object> types, HttpRequest request, Set<String> query) {
        byte[] body = bytes(request);
        String type = type(request);
        if (!types.containsKey(type) && !type.isEmpty() && !type.equals(MULTIPART)) {
            return body.length == 0 ? Optional.empty() : Optional.of("a body of type " + type + " is not described");
        }
        if (type.equals(JSON) && query.isEmpty()) {
            return form.problem(schema(types, type), Json.read(body), "");
        }
        var sent = new LinkedHashSet<>(query);
        sent.addAll(type.equals(MULTIPART) ? parts(body) : names(new String(body, StandardCharsets.UTF_8)));
        return ofNames(schema(types, FORM), sent);
    }

    private Optional<String> ofBody(Map<String, Object> types, HttpRequest request) {
        byte[] body = bytes(request);
        String type = type(request).isEmpty() && types.size() == 1 ? types.keySet().iterator().next() : type(request);
        if (body.length == 0) {
            return Optional.empty();
        }
        if (!types.containsKey(type)) {
            return Optional.of("a body of the type '" + type + "' is not described");
        }
        return switch (type) {
            case JSON -> form.problem(schema(types, type), Json.read(body), "");
            case MULTIPART -> ofNames(schema(types, type), parts(body));
            default -> Optional.empty();
        };
    }

    private static Object schema(Map<String, Object> types, String type) {
        return DescribedAnswers.map(types.get(type)).get("schema");
    }

    private static String type(HttpRequest request) {
        return request.headers().firstValue("Content-Type").orElse("").replaceAll(";.*", "").strip()
            .toLowerCase(Locale.ROOT);
    }

    private static Set<String> parts(byte[] body) {
        return PART.matcher(new String(body, StandardCharsets.ISO_8859_1)).results().map(found -> found.group(1))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Optional<String> ofNames(Object schema, Set<String> sent) {
        SequencedMap<String, Boolean> known = form.names(schema);
        return known.keySet().stream().filter(name -> known.get(name) && !sent.contains(name)).findFirst()
            .map(name -> "the form has no " + name)
            .or(() -> sent.stream().filter(name -> !known.containsKey(name)).findFirst()
                .map(name -> "the field " + name + " of the form is not described"));
    }

    private static byte[] bytes(HttpRequest request) {
        var parts = new ArrayList<ByteBuffer>();
        request.bodyPublisher().ifPresent(publisher -> publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer part) {
                parts.add(part);
            }

            @Override
            public void onError(Throwable failed) {
                throw new IllegalStateException(failed);
            }

            @Override
            public void onComplete() {}
        }));
        var all = ByteBuffer.allocate(parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(all::put);
        return all.array();
    }
}
