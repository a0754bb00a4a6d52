package cambium.server.config;

import cambium.server.blob.S3Bucket;
import java.nio.file.Path;

/// Where blobs are kept.
public sealed interface BlobPlace {
    /// In files; the path is absolute.
    record Folder(Path path) implements BlobPlace {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// In S3, or in what speaks like it.
    record Bucket(S3Bucket bucket) implements BlobPlace {
        @Override
        public String toString() {
            return bucket.toString();
        }
    }
}
