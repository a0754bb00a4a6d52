package cambium.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A path taken apart and decoded exactly once. Repeated slashes count as one. What a second decoding, a file system or
/// a proxy could read in another way is refused: `.` and `..`, encoded slashes, backslashes, control characters,
/// overlong or broken UTF-8, path parameters, and a percent sign that is still an escape after decoding.
record RequestPath(List<String> segments) {
    private static final int MAX_SEGMENTS = 64;

    RequestPath {
        segments = List.copyOf(segments);
    }

    /// Empty where the raw path is not acceptable.
    static Optional<RequestPath> parse(String raw) {
        if (!raw.startsWith("/")) {
            return Optional.empty();
        }
        var segments = new ArrayList<String>();
        for (int start = 1; start < raw.length();) {
            int slash = raw.indexOf('/', start);
            int end = slash < 0 ? raw.length() : slash;
            if (end > start) {
                var segment = decoded(raw.substring(start, end));
                if (segment.isEmpty() || !isPlain(segment.get()) || segments.size() == MAX_SEGMENTS) {
                    return Optional.empty();
                }
                segments.add(segment.get());
            }
            start = end + 1;
        }
        return Optional.of(new RequestPath(segments));
    }

    String text() {
        return "/" + String.join("/", segments);
    }

    /// Read for every request: one pass over the characters, no pattern.
    private static boolean isPlain(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c < ' ' || c == 0x7f || c == '/' || c == '\\' || c == ';' || c == '%' && isEscape(segment, i)) {
                return false;
            }
        }
        return !segment.equals(".") && !segment.equals("..");
    }

    private static boolean isEscape(String segment, int at) {
        return at + 2 < segment.length() && hex(segment, at + 1) >= 0 && hex(segment, at + 2) >= 0;
    }

    private static Optional<String> decoded(String part) {
        if (part.indexOf('%') < 0) {
            return Optional.of(part);
        }
        var bytes = new ByteArrayOutputStream(part.length());
        for (var i = 0; i < part.length(); i++) {
            var c = part.charAt(i);
            if (c != '%') {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i + 2 >= part.length() || hex(part, i + 1) < 0 || hex(part, i + 2) < 0) {
                return Optional.empty();
            }
            bytes.write(hex(part, i + 1) * 16 + hex(part, i + 2));
            i += 2;
        }
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes.toByteArray())).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static int hex(String text, int at) {
        var c = text.charAt(at);
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
