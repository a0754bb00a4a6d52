package cambium.server.delivery;

import cambium.server.blob.BlobStore;
import cambium.server.blob.S3BlobStore;
import cambium.server.config.DeliveryChoice;
import cambium.server.config.StartRefused;
import java.util.List;
import java.util.Optional;

/// What the settings say: the ways to lead clients to blobs, the preferred one first, and what verifies addresses of
/// our own.
record DeliveryWays(List<Delivery> ways, OwnDelivery own) {

    /// Reads the key file anew. [IllegalArgumentException] where it is wrong, [StartRefused] where the settings do not
    /// go together.
    static DeliveryWays of(DeliveryFeature.Settings settings, BlobStore blobs) {
        Optional<DeliveryKeyFile> file = settings.keyFile().map(DeliveryKeyFile::new);
        return switch (settings.choice()) {
            case DeliveryChoice.Own() -> {
                var keys = new java.util.ArrayList<byte[]>(file.map(DeliveryKeyFile::secrets).orElse(List.of()));
                // Addresses that were signed before there was a file stay good.
                keys.add(settings.ownSecret());
                var own = new OwnDelivery(keys);
                yield new DeliveryWays(List.of(new RememberedDelivery(own)), own);
            }
            case DeliveryChoice.Presigned() -> {
                S3BlobStore store = bucket(blobs, "s3");
                if (settings.demandsTls() && store.bucket().isPlainHttp()) {
                    throw new StartRefused("--delivery s3: clients come by https (--base-url), and the endpoint of the "
                        + "bucket is plain http; package managers refuse that. Give an https endpoint");
                }
                if (file.isPresent()) {
                    throw new StartRefused("--delivery s3 signs with the credentials of the bucket; leave out "
                        + "--delivery-keys");
                }
                yield new DeliveryWays(List.of(new RememberedDelivery(new S3Delivery(store))), ours(settings));
            }
            case DeliveryChoice.CloudFront(String base) -> {
                S3BlobStore store = bucket(blobs, "cloudfront:…");
                List<CloudFrontKey> keys = file.orElseThrow(() -> new StartRefused("--delivery cloudfront:… needs "
                    + "--delivery-keys: a file whose lines are the id of a CloudFront public key and the path of its "
                    + "private key")).cloudFrontKeys();
                yield new DeliveryWays(keys.stream().<Delivery>map(key -> new RememberedDelivery(
                    new CloudFrontDelivery(base, store.bucket()::key, key))).toList(), ours(settings));
            }
        };
    }

    private static OwnDelivery ours(DeliveryFeature.Settings settings) {
        return new OwnDelivery(List.of(settings.ownSecret()));
    }

    private static S3BlobStore bucket(BlobStore blobs, String choice) {
        if (blobs instanceof S3BlobStore store) {
            return store;
        }
        throw new StartRefused("--delivery " + choice + " needs blobs in a bucket: --blobs s3://bucket/prefix");
    }
}
