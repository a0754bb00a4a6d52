package cambium.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;

/// Reads small multipart forms as [Parameters]; files among them count as text. For large ones there is no room here.
final class MultipartFields {
    private static final int MAX_PARTS = 100;
    private static final int MAX_PART_HEADER_BYTES = 4096;

    private MultipartFields() {}

    static boolean isMultipart(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    static Parameters of(byte[] body, String contentType) {
        var values = new LinkedHashMap<String, List<String>>();
        parts(body, contentType).forEach(part -> values.computeIfAbsent(part.name, _ -> new ArrayList<>())
                .add(new String(part.content, StandardCharsets.UTF_8)));
        return new Parameters(values);
    }

    /// The bytes of the first part of that name.
    static Optional<byte[]> file(byte[] body, String contentType, String name) {
        List<byte[]> named = parts(body, contentType).stream().filter(part -> part.name.equals(name))
                .map(Field::content).toList();
        return named.stream().filter(content -> content.length > 0).findFirst().or(() -> named.stream().findFirst());
    }

    private record Field(String name, byte[] content) {}

    private static List<Field> parts(byte[] body, String contentType) {
        var fields = new ArrayList<Field>();
        try {
            var input = MultipartInput.builder().setByteArray(body)
                    .setBoundary(boundary(contentType).getBytes(StandardCharsets.ISO_8859_1))
                    .setMaxPartHeaderSize(MAX_PART_HEADER_BYTES).get();
            if (!input.skipPreamble()) {
                throw malformed();
            }
            var more = true;
            for (var parts = 0; more; parts++) {
                if (parts == MAX_PARTS) {
                    throw new Refused(400, "too_many_parameters", "more than " + MAX_PARTS + " parts");
                }
                var name = name(input.readHeaders());
                var content = new ByteArrayOutputStream();
                input.readBodyData(content);
                name.ifPresent(known -> fields.add(new Field(known, content.toByteArray())));
                more = input.readBoundary();
            }
        } catch (IOException | IllegalArgumentException e) {
            throw malformed();
        }
        return fields;
    }

    private static String boundary(String contentType) {
        return Optional.ofNullable(parsed(contentType).get("boundary")).filter(text -> !text.isEmpty())
                .orElseThrow(MultipartFields::malformed);
    }

    private static Optional<String> name(String headers) {
        return headers.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-disposition:"))
                .findFirst().map(line -> parsed(line).get("name"));
    }

    private static Map<String, String> parsed(String header) {
        var parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        return parser.parse(header, new char[] {';', ','});
    }

    private static Refused malformed() {
        return new Refused(400, "multipart_malformed", "the body is not a well-formed multipart form");
    }
}
