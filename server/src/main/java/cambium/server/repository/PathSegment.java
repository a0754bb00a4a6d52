package cambium.server.repository;

import java.nio.charset.StandardCharsets;

/// One segment of a path as it is written in an address (RFC 3986, 3.3).
final class PathSegment {
    private static final String PLAIN = "-._~!$&'()*+,:@=";

    private PathSegment() {}

    static String of(String text) {
        var encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean isPlain = c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
            encoded.append(isPlain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return encoded.toString();
    }
}
