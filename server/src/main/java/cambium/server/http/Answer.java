package cambium.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// What a handler says. Headers keep their order. With an `ETag` header on an answer of status 200, conditional
/// requests (304) are served from it; ranges (206, 416) and `HEAD` need nothing from the handler.
public sealed interface Answer {
    /// A whole body in memory.
    record Bytes(int status, String contentType, byte[] body, Map<String, String> headers) implements Answer {
        public Bytes {
            Objects.requireNonNull(contentType);
            headers = inOrder(headers);
        }

        public Bytes with(String header, String value) {
            return new Bytes(status, contentType, body, plus(headers, header, value));
        }
    }

    /// A body of known length, written when asked for, in whole or in part. `length` in bytes.
    record Streamed(int status, String contentType, long length, Map<String, String> headers, Content content)
            implements Answer {
        public Streamed {
            Objects.requireNonNull(contentType);
            Objects.requireNonNull(content);
            headers = inOrder(headers);
            if (length < 0) {
                throw new IllegalArgumentException("length of a streamed answer is below 0: " + length);
            }
        }

        public Streamed with(String header, String value) {
            return new Streamed(status, contentType, length, plus(headers, header, value), content);
        }
    }

    /// `text/event-stream`: the consumer runs until the stream is over, on the virtual thread of the request.
    record Events(Consumer<EventSink> stream) implements Answer {
        public Events {
            Objects.requireNonNull(stream);
        }
    }

    /// Lines of JSON, each sent when it is known, while the body of the request may still be coming in. A line that
    /// was sent cannot be taken back: what goes wrong later is a line of its own, or the answer breaks off.
    record Lines(LineSource source) implements Answer {
        public Lines {
            Objects.requireNonNull(source);
        }
    }

    static Bytes json(int status, Object value) {
        return new Bytes(status, "application/json; charset=utf-8", Json.write(value), Map.of());
    }

    static Bytes text(int status, String text) {
        return new Bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Bytes html(int status, String page) {
        return new Bytes(status, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Bytes bytes(int status, String contentType, byte[] body) {
        return new Bytes(status, contentType, body, Map.of());
    }

    static Bytes empty(int status) {
        return new Bytes(status, "", new byte[0], Map.of());
    }

    static Bytes redirect(int status, String location) {
        if (location.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalStateException("a redirect to an address that is not plain ASCII");
        }
        return empty(status).with("Location", location);
    }

    static Streamed stream(int status, String contentType, long length, Content content) {
        return new Streamed(status, contentType, length, Map.of(), content);
    }

    static Events events(Consumer<EventSink> stream) {
        return new Events(stream);
    }

    static Lines lines(LineSource source) {
        return new Lines(source);
    }

    private static Map<String, String> inOrder(Map<String, String> headers) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    private static Map<String, String> plus(Map<String, String> headers, String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return more;
    }
}
