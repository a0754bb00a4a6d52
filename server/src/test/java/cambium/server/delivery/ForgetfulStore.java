package cambium.server.delivery;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.blob.Staging;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/// A store that says that one of its blobs is not there.
final class ForgetfulStore implements BlobStore {
    private final BlobStore whole;
    private final BlobId forgotten;
    volatile boolean forgets = true;

    ForgetfulStore(BlobStore whole, BlobId forgotten) {
        this.whole = whole;
        this.forgotten = forgotten;
    }

    @Override
    public Staging stage(InputStream in, long maxBytes) throws IOException {
        return whole.stage(in, maxBytes);
    }

    @Override
    public void commit(StagedBlob staged) throws IOException {
        whole.commit(staged);
    }

    @Override
    public InputStream open(BlobId id, long fromByte, long toByte) throws IOException {
        return whole.open(id, fromByte, toByte);
    }

    @Override
    public OptionalLong sizeBytes(BlobId id) throws IOException {
        return forgets && id.equals(forgotten) ? OptionalLong.empty() : whole.sizeBytes(id);
    }

    @Override
    public void delete(BlobId id) throws IOException {
        whole.delete(id);
    }

    @Override
    public long usableBytes() throws IOException {
        return whole.usableBytes();
    }
}
