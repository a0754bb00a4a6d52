package cambium.server.access;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// Makes tokens whose value must be shown again later, since packagecloud's API does: kept are the SHA-256, to find
/// them by, and the value sealed with the master key. Whoever reads the database alone learns none.
public final class SealedTokens {
    private final MasterKey key;
    private final String purpose;

    /// `purpose` keeps what is sealed for one use from being opened for another.
    public SealedTokens(MasterKey key, String purpose) {
        this.key = key;
        this.purpose = purpose;
    }

    /// A token as it is stored, and its value; prints hidden.
    public record Fresh(String value, byte[] sha256, byte[] sealed) {
        @Override
        public String toString() {
            return "Fresh(hidden)";
        }
    }

    public Fresh fresh() {
        var token = AccessToken.random(key.random());
        return new Fresh(token.text(), token.sha256(), seal(token.text()));
    }

    /// A value that is not ours, such as an ID token.
    public byte[] seal(String value) {
        return key.seal(purpose, value.getBytes(StandardCharsets.UTF_8));
    }

    /// The value of a token that is shown once and never again.
    public static String random(RandomGenerator random) {
        return AccessToken.random(random).text();
    }

    /// The value again.
    public String open(byte[] sealed) {
        return new String(key.open(purpose, sealed), StandardCharsets.UTF_8);
    }

    /// Whether a text has the form of a token: 48 lower-case hexadecimal digits.
    public static boolean isWellFormed(String text) {
        return AccessToken.isWellFormed(text);
    }

    /// What a token is found by.
    public static byte[] sha256(String value) {
        return new AccessToken(value).sha256();
    }
}
