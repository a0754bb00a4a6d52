package cambium.server.repository;

import cambium.server.blob.BlobId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Addresses of blobs that are valid for a while. The signature covers the blob, the file name and the end of
/// validity; addresses are made of these alone, never of anything a client sent.
final class DeliveryLinks {
    static final Duration VALIDITY = Duration.ofMinutes(15);
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    DeliveryLinks(byte[] subkey) {
        this.key = new SecretKeySpec(subkey, ALGORITHM);
    }

    /// The path and query; file names are made of letters that need no escaping but `+` and `~`, which may stand as
    /// they are in a path.
    String link(BlobId blob, String filename, Instant now) {
        long expires = now.plus(VALIDITY).getEpochSecond();
        return "/blobs/" + blob + "/" + filename.replace("+", "%2B") + "?expires=" + expires + "&signature="
            + signature(blob, filename, expires);
    }

    boolean isValid(BlobId blob, String filename, String expires, String signature, Instant now) {
        if (!expires.matches("[0-9]{1,12}") || Long.parseLong(expires) < now.getEpochSecond()) {
            return false;
        }
        byte[] expected = signature(blob, filename, Long.parseLong(expires)).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.US_ASCII));
    }

    private String signature(BlobId blob, String filename, long expires) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            String signed = "delivery 1\n" + blob + "\n" + filename + "\n" + expires;
            return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, missing);
        }
    }
}
