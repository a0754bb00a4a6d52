package cambium.server.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Keeps immutable bytes under their SHA-256. Memory use does not depend on the size of a blob.
/// Safe for many threads and for many processes on one store. An [IOException] means that the place
/// itself is broken (full, gone, unreadable); whether it was stored is then unknown, and storing again is safe.
public interface BlobStore {
    /// Reads the stream to its end, hashing in the same pass. Stops and keeps nothing when there are more than
    /// `maxBytes`, or when the stream fails.
    Staging stage(InputStream in, long maxBytes) throws IOException;

    /// Gives staged bytes their address. When this returns, they survive a crash of the machine. Committing bytes that
    /// are there already changes nothing, and so does committing the same staged blob again.
    void commit(StagedBlob staged) throws IOException;

    /// The same for many at once, for the price of few waits: when it returns, all of them survive a crash; when it
    /// throws, any of them may be stored. None twice.
    default void commitAll(List<StagedBlob> staged) throws IOException {
        for (StagedBlob one : staged) {
            commit(one);
        }
    }

    /// The bytes from `fromByte`, up to but without `toByte`. Throws [java.nio.file.NoSuchFileException] when there is
    /// no such blob; the range must lie within it.
    InputStream open(BlobId id, long fromByte, long toByte) throws IOException;

    /// The size in bytes, or empty when there is no such blob.
    OptionalLong sizeBytes(BlobId id) throws IOException;

    /// Frees the bytes. Whoever calls it must know that nothing names them any more. Deleting what is not there is
    /// fine.
    void delete(BlobId id) throws IOException;

    /// How many more bytes can be stored, as far as the store knows.
    long usableBytes() throws IOException;

    /// Whether a commit may take so long that no lock should be held meanwhile. It can then be committed before, and
    /// once more, which takes no time, under the lock.
    default boolean commitsSlowly(StagedBlob staged) {
        return false;
    }

    /// Frees what broken-off commits before that moment have left in the store.
    default void sweep(Instant before) throws IOException {
        // a store that commits in one step leaves nothing
    }

    /// The blobs whose digests start with these two hexadecimal digits and which were stored before that moment, as far
    /// as the store can tell: to find those that a process has committed and then died without naming.
    default List<BlobId> storedBefore(Instant before, String twoDigits) throws IOException {
        return List.of();
    }

    /// Empty while the store can take and give blobs; soon answered, for health checks.
    default Optional<String> problem() {
        return Optional.empty();
    }

    /// Stores bytes that are in memory already.
    default BlobId put(byte[] bytes) throws IOException {
        return switch (stage(new ByteArrayInputStream(bytes), bytes.length)) {
            case Staging.Staged(StagedBlob blob) -> {
                try (blob) {
                    commit(blob);
                    yield blob.id();
                }
            }
            case Staging.TooLarge _ -> throw new IllegalStateException("an array is larger than its own length");
        };
    }

    /// All bytes of a small blob.
    default byte[] bytes(BlobId id) throws IOException {
        long size = sizeBytes(id).orElseThrow(() -> new java.nio.file.NoSuchFileException(id.sha256()));
        try (InputStream in = open(id, 0, size)) {
            return in.readAllBytes();
        }
    }
}
