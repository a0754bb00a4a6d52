package cambium.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A few fields with an end of validity, signed: the form of session cookies and of sign-in links. Fields hold no
/// separator. The text is safe in a cookie and in an address.
final class SignedText {
    private static final String SEPARATOR = "|";
    private static final int MAX_CHARACTERS = 1024;

    private final byte[] key;

    SignedText(byte[] key) {
        this.key = key;
    }

    String sign(List<String> fields, Instant until) {
        if (fields.stream().anyMatch(field -> field.contains(SEPARATOR))) {
            throw new IllegalStateException("a signed field holds the separator");
        }
        var text = until.getEpochSecond() + SEPARATOR + String.join(SEPARATOR, fields);
        return base64(text.getBytes(StandardCharsets.UTF_8)) + "." + base64(signature(text));
    }

    /// The fields, or empty where it is altered, foreign or over.
    Optional<List<String>> read(String signed, Instant now) {
        var dot = signed.indexOf('.');
        if (dot < 0 || signed.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        try {
            var text = new String(Base64.getUrlDecoder().decode(signed.substring(0, dot)), StandardCharsets.UTF_8);
            var given = Base64.getUrlDecoder().decode(signed.substring(dot + 1));
            if (!MessageDigest.isEqual(given, signature(text))) {
                return Optional.empty();
            }
            var fields = List.of(text.split("\\|", -1));
            var until = Instant.ofEpochSecond(Long.parseLong(fields.getFirst()));
            return now.isBefore(until) ? Optional.of(fields.subList(1, fields.size())) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private byte[] signature(String text) {
        return HmacSha256.of(key, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
