package cambium.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// A token as its bearer holds it: 48 lower-case hexadecimal digits (192 bits), the form that packagecloud's clients
/// expect. Prints hidden; only its SHA-256 is stored.
record AccessToken(String text) {
    private static final int RANDOM_BYTES = 24;
    private static final Pattern WELL_FORMED = Pattern.compile("[0-9a-f]{" + 2 * RANDOM_BYTES + "}");

    static boolean isWellFormed(String text) {
        return WELL_FORMED.matcher(text).matches();
    }

    static AccessToken random(RandomGenerator random) {
        var bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return new AccessToken(HexFormat.of().formatHex(bytes));
    }

    byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing from this Java", e);
        }
    }

    @Override
    public String toString() {
        return "AccessToken(hidden)";
    }
}
