package cambium.server.repository;

import cambium.server.blob.BlobDigests;
import cambium.server.blob.BlobId;
import java.time.Instant;
import java.util.Optional;

/// A .deb of a repository as the database has it. `control` is its control paragraph as text; `failure` says why it
/// could not be indexed.
public record StoredPackage(long id, KnownSuite suite, String filename, String name, String version,
    String architecture, String poolPath, String control, BlobDigests digests, long sizeBytes, String uploader,
    Instant uploadedAt, IndexState state, Optional<String> failure) {

    /// How far a package has come on its way into the index of its suite.
    public enum IndexState { PENDING, INDEXED, FAILED, DELETED }

    BlobId blob() {
        return new BlobId(digests.sha256());
    }

    boolean isIndexed() {
        return state == IndexState.INDEXED;
    }
}
