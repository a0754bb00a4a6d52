package cambium.server.repository;

import cambium.server.repository.format.PackageFile;
import java.time.Instant;

/// A file that a client fetches, and the package that it belongs to.
record PoolFile(long packageId, Instant uploadedAt, PackageFile file) {
    static PoolFile mainOf(StoredPackage stored) {
        return new PoolFile(stored.id(), stored.uploadedAt(), stored.mainFile());
    }
}
