package cambium.server.repository.format;

import cambium.server.blob.BlobDigests;
import cambium.server.blob.BlobId;
import cambium.server.blob.StagedBlob;

/// One file of a package. `poolPath`: where clients find it, below the folder of the distribution.
public record PackageFile(String filename, String poolPath, long sizeBytes, BlobDigests digests) {
    public static PackageFile of(String filename, String poolPath, StagedBlob staged) {
        return new PackageFile(filename, poolPath, staged.sizeBytes(), staged.digests());
    }

    public BlobId blob() {
        return new BlobId(digests.sha256());
    }
}
