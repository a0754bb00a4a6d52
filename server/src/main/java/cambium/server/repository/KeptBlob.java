package cambium.server.repository;

import cambium.server.blob.BlobDigests;
import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.repository.format.PackageFile;
import java.io.IOException;
import java.io.InputStream;

/// A file that is stored already, to be read as if it came in again.
record KeptBlob(BlobStore blobs, PackageFile file) implements StagedBlob {
    @Override
    public BlobId id() {
        return file.blob();
    }

    @Override
    public BlobDigests digests() {
        return file.digests();
    }

    @Override
    public long sizeBytes() {
        return file.sizeBytes();
    }

    @Override
    public InputStream open() throws IOException {
        return blobs.open(id(), 0, sizeBytes());
    }

    @Override
    public void close() {
        // It stays where it is.
    }
}
