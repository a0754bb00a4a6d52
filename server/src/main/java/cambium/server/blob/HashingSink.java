package cambium.server.blob;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Four digests of one pass over the bytes.
final class HashingSink {
    private final MessageDigest md5 = digest("MD5");
    private final MessageDigest sha1 = digest("SHA-1");
    private final MessageDigest sha256 = digest("SHA-256");
    private final MessageDigest sha512 = digest("SHA-512");

    void update(byte[] bytes, int length) {
        md5.update(bytes, 0, length);
        sha1.update(bytes, 0, length);
        sha256.update(bytes, 0, length);
        sha512.update(bytes, 0, length);
    }

    BlobDigests finish() {
        return new BlobDigests(hex(md5), hex(sha1), hex(sha256), hex(sha512));
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has " + algorithm, missing);
        }
    }
}
