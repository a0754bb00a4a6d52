package cambium.server.access.openid;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A sign-in that has begun and is at the provider now. The browser keeps it, sealed: `state` ties the answer to this
/// browser, `nonce` ties the ID token to it, and only whoever has the `verifier` can redeem the code. `next` is where
/// to go afterwards. No field has a line break.
public record Flow(String state, String nonce, String verifier, String redirect, String next, Instant until) {
    private static final String SEPARATOR = "\n";
    private static final int FIELDS = 6;

    public byte[] bytes() {
        return String.join(SEPARATOR, state, nonce, verifier, redirect, next, Long.toString(until.getEpochSecond()))
                .getBytes(StandardCharsets.UTF_8);
    }

    /// What [#bytes] made, where it is not over.
    public static Optional<Flow> of(byte[] bytes, Instant now) {
        var fields = List.of(new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR, -1));
        if (fields.size() != FIELDS) {
            return Optional.empty();
        }
        try {
            var until = Instant.ofEpochSecond(Long.parseLong(fields.get(5)));
            return Optional.of(new Flow(fields.get(0), fields.get(1), fields.get(2), fields.get(3), fields.get(4),
                    until)).filter(_ -> now.isBefore(until));
        } catch (NumberFormatException | DateTimeException malformed) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "Flow(hidden)";
    }
}
