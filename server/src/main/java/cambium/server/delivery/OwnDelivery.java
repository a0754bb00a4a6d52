package cambium.server.delivery;

import cambium.server.blob.BlobId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Addresses of this server. The signature covers the blob, the file name and the end of validity. The first key signs;
/// all are accepted, so that keys can be changed while addresses are out.
final class OwnDelivery implements Delivery {
    private static final String ALGORITHM = "HmacSHA256";

    private final List<SecretKeySpec> keys;

    OwnDelivery(List<byte[]> keys) {
        this.keys = keys.stream().map(key -> new SecretKeySpec(key, ALGORITHM)).toList();
    }

    /// The path and query.
    @Override
    public String address(Parcel parcel, Instant now) {
        long expires = now.plus(VALIDITY).getEpochSecond();
        return "/blobs/" + parcel.blob() + "/" + Escaped.text(parcel.filename()) + "?expires=" + expires
            + "&signature=" + signature(keys.getFirst(), parcel.blob(), parcel.filename(), expires);
    }

    boolean isValid(BlobId blob, String filename, String expires, String signature, Instant now) {
        if (!expires.matches("[0-9]{1,12}") || Long.parseLong(expires) < now.getEpochSecond()) {
            return false;
        }
        byte[] given = signature.getBytes(StandardCharsets.US_ASCII);
        boolean valid = false;
        for (SecretKeySpec key : keys) {
            byte[] expected = signature(key, blob, filename, Long.parseLong(expires))
                .getBytes(StandardCharsets.US_ASCII);
            valid |= MessageDigest.isEqual(expected, given);
        }
        return valid;
    }

    private static String signature(SecretKeySpec key, BlobId blob, String filename, long expires) {
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
