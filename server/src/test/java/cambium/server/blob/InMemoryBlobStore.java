package cambium.server.blob;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;

/// Blobs in the heap, for tests of what stands on a store.
public final class InMemoryBlobStore implements BlobStore {
    private final ConcurrentSkipListMap<BlobId, byte[]> blobs = new ConcurrentSkipListMap<>();

    @Override
    public Staging stage(InputStream in, long maxBytes) throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            if (out.size() > maxBytes) {
                return new Staging.TooLarge(maxBytes);
            }
        }
        var sink = new HashingSink();
        sink.update(out.toByteArray(), out.size());
        return new Staging.Staged(new StagedBytes(out.toByteArray(), sink.finish()));
    }

    @Override
    public void commit(StagedBlob staged) throws IOException {
        try (InputStream in = staged.open()) {
            blobs.putIfAbsent(staged.id(), in.readAllBytes());
        }
    }

    @Override
    public InputStream open(BlobId id, long fromByte, long toByte) throws IOException {
        byte[] bytes = blobs.get(id);
        if (bytes == null) {
            throw new NoSuchFileException(id.sha256());
        }
        if (fromByte < 0 || toByte < fromByte || toByte > bytes.length) {
            throw new IllegalArgumentException("range " + fromByte + "-" + toByte + " is outside of the blob");
        }
        return new ByteArrayInputStream(bytes, (int) fromByte, (int) (toByte - fromByte));
    }

    @Override
    public OptionalLong sizeBytes(BlobId id) {
        byte[] bytes = blobs.get(id);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
    }

    @Override
    public void delete(BlobId id) {
        blobs.remove(id);
    }

    @Override
    public long usableBytes() {
        return Long.MAX_VALUE;
    }

    private record StagedBytes(byte[] bytes, BlobDigests digests) implements StagedBlob {
        @Override
        public BlobId id() {
            return new BlobId(digests.sha256());
        }

        @Override
        public long sizeBytes() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void close() {
            // the heap frees itself
        }
    }
}
