package cambium.server.blob;

import java.io.IOException;
import java.io.InputStream;

/// Bytes that were received and hashed but have no address yet. Closing it throws them away unless
/// [BlobStore#commit] has made them a blob before; closing after that does nothing.
public interface StagedBlob extends AutoCloseable {
    BlobId id();

    BlobDigests digests();

    long sizeBytes();

    /// The received bytes from the start, as often as wanted, until commit or close.
    InputStream open() throws IOException;

    @Override
    void close() throws IOException;
}
