package cambium.server.delivery;

import cambium.server.blob.S3BlobStore;
import java.time.Instant;

/// Addresses of the bucket itself, presigned with the server's own credentials. Where those are lent for a while (a
/// role), an address ends with them at the latest.
final class S3Delivery implements Delivery {
    private final S3BlobStore store;

    S3Delivery(S3BlobStore store) {
        this.store = store;
    }

    /// The signing moment is the SDK's own; `now` is not asked.
    @Override
    public String address(Parcel parcel, Instant now) {
        return store.presigned(parcel.blob(), parcel.disposition(), parcel.contentType(), parcel.headOnly(), VALIDITY);
    }

    @Override
    public String toString() {
        return "presigned S3";
    }
}
