package cambium.server.blob;

import java.util.regex.Pattern;

/// The address of immutable bytes: their SHA-256 in 64 lower-case hexadecimal digits.
/// Since it is checked here, it can be used as a file name without further care.
public record BlobId(String sha256) implements Comparable<BlobId> {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public BlobId {
        if (!HEX.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a SHA-256 in lower-case hexadecimal digits");
        }
    }

    /// Whether this text could be the address of a blob.
    public static boolean isValid(String text) {
        return HEX.matcher(text).matches();
    }

    @Override
    public int compareTo(BlobId other) {
        return sha256.compareTo(other.sha256);
    }

    @Override
    public String toString() {
        return sha256;
    }
}
