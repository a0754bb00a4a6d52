package cambium.server.repository;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.blob.Staging;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/// A store that stops its caller in the middle of a publication.
record PausingBlobStore(BlobStore inner, CountDownLatch reached, CountDownLatch goOn) implements BlobStore {
    @Override
    public Staging stage(InputStream in, long maxBytes) throws IOException {
        return inner.stage(in, maxBytes);
    }

    @Override
    public void commit(StagedBlob staged) throws IOException {
        reached.countDown();
        try {
            goOn.await();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
        inner.commit(staged);
    }

    @Override
    public InputStream open(BlobId id, long fromByte, long toByte) throws IOException {
        return inner.open(id, fromByte, toByte);
    }

    @Override
    public OptionalLong sizeBytes(BlobId id) throws IOException {
        return inner.sizeBytes(id);
    }

    @Override
    public void delete(BlobId id) throws IOException {
        inner.delete(id);
    }

    @Override
    public long usableBytes() throws IOException {
        return inner.usableBytes();
    }
}
