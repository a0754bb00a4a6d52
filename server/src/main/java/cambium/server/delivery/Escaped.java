package cambium.server.delivery;

import java.nio.charset.StandardCharsets;

/// Text in a path or query (RFC 3986): what is not unreserved is written as bytes.
final class Escaped {
    private static final String UNRESERVED = "-._~";

    private Escaped() {}

    static String text(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                escaped.append(c);
            } else {
                escaped.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                    .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
            }
        }
        return escaped.toString();
    }
}
