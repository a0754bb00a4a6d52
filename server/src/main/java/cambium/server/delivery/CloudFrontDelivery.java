package cambium.server.delivery;

import cambium.server.blob.BlobId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Function;

/// Addresses of a CloudFront distribution in front of the bucket, signed with a canned policy (Amazon CloudFront
/// Developer Guide, "Creating a signed URL using a canned policy"). The distribution passes the two `response-…`
/// parameters on to the bucket, which names the file by them.
final class CloudFrontDelivery implements Delivery {
    private final String base;
    private final Function<BlobId, String> key;
    private final CloudFrontKey signer;

    /// `base` has no slash at its end; `key` is the blob's key in the bucket.
    CloudFrontDelivery(String base, Function<BlobId, String> key, CloudFrontKey signer) {
        this.base = base;
        this.key = key;
        this.signer = signer;
    }

    @Override
    public String address(Parcel parcel, Instant now) {
        long expires = now.plus(VALIDITY).getEpochSecond();
        String resource = base + "/" + key.apply(parcel.blob()) + "?response-content-disposition="
            + Escaped.text(parcel.disposition()) + "&response-content-type=" + Escaped.text(parcel.contentType());
        String policy = "{\"Statement\":[{\"Resource\":\"" + resource
            + "\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":" + expires + "}}}]}";
        String signature = Base64.getEncoder().encodeToString(signer.sign(policy.getBytes(StandardCharsets.US_ASCII)))
            .replace('+', '-').replace('=', '_').replace('/', '~');
        return resource + "&Expires=" + expires + "&Signature=" + signature + "&Key-Pair-Id=" + signer.id();
    }

    @Override
    public String toString() {
        return "CloudFront with key " + signer.id();
    }
}
