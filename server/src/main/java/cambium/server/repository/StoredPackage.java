package cambium.server.repository;

import cambium.formats.PackageDescription;
import cambium.formats.PackageType;
import cambium.server.blob.BlobDigests;
import cambium.server.blob.BlobId;
import cambium.server.repository.format.PackageFile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A package of a repository as the database has it. `files`: the main one first; `failure` says why it could not be
/// indexed.
public record StoredPackage(long id, KnownSuite suite, PackageDescription description, List<PackageFile> files,
    String uploader, Instant uploadedAt, IndexState state, Optional<String> failure) {

    /// How far a package has come on its way into the index of its suite.
    public enum IndexState { PENDING, INDEXED, FAILED, DELETED, QUARANTINED }

    public StoredPackage {
        files = List.copyOf(files);
    }

    public PackageFile mainFile() {
        return files.getFirst();
    }

    public PackageType type() {
        return description.type();
    }

    public String filename() {
        return description.fileName();
    }

    public String name() {
        return description.name();
    }

    public OptionalInt epoch() {
        return description.epoch();
    }

    /// Without epoch and release.
    public String version() {
        return description.version();
    }

    public Optional<String> release() {
        return description.release();
    }

    /// `epoch:version-release`, without the parts that are absent.
    public String fullVersion() {
        return description.fullVersion();
    }

    public String architecture() {
        return description.architecture();
    }

    /// Of the main file.
    public BlobDigests digests() {
        return mainFile().digests();
    }

    /// Of the main file.
    public long sizeBytes() {
        return mainFile().sizeBytes();
    }

    /// Of the main file, below the folder of its distribution.
    public String poolPath() {
        return mainFile().poolPath();
    }

    BlobId blob() {
        return mainFile().blob();
    }

    boolean isIndexed() {
        return state == IndexState.INDEXED;
    }
}
