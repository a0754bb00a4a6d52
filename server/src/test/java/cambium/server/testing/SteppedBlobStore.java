package cambium.server.testing;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.blob.Staging;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A store that tells each of its steps by name, before and after something becomes durable or goes, and in the middle
/// of receiving. Whoever is told may end it there.
public final class SteppedBlobStore implements BlobStore {
    private final BlobStore store;
    private final Steps steps;

    /// Told of each step before it is taken; does not return, or throws, where that is the end.
    public interface Steps {
        void reached(String step);
    }

    public SteppedBlobStore(BlobStore store, Steps steps) {
        this.store = store;
        this.steps = steps;
    }

    @Override
    public Staging stage(InputStream in, long maxBytes) throws IOException {
        steps.reached("before receiving");
        Staging staged = store.stage(new TellingInput(in), maxBytes);
        steps.reached("after receiving");
        return staged;
    }

    @Override
    public void commit(StagedBlob staged) throws IOException {
        steps.reached("before storing");
        store.commit(staged);
        steps.reached("after storing");
    }

    @Override
    public boolean commitsSlowly(StagedBlob staged) {
        return store.commitsSlowly(staged);
    }

    @Override
    public InputStream open(BlobId id, long fromByte, long toByte) throws IOException {
        return store.open(id, fromByte, toByte);
    }

    @Override
    public OptionalLong sizeBytes(BlobId id) throws IOException {
        return store.sizeBytes(id);
    }

    @Override
    public void delete(BlobId id) throws IOException {
        steps.reached("before deleting");
        store.delete(id);
        steps.reached("after deleting");
    }

    @Override
    public void sweep(Instant before) throws IOException {
        store.sweep(before);
    }

    @Override
    public List<BlobId> storedBefore(Instant before, String twoDigits) throws IOException {
        return store.storedBefore(before, twoDigits);
    }

    @Override
    public long usableBytes() throws IOException {
        return store.usableBytes();
    }

    @Override
    public Optional<String> problem() {
        return store.problem();
    }

    /// The first bytes are in the store's hands when the second are asked for.
    private final class TellingInput extends FilterInputStream {
        private int reads;

        TellingInput(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (reads++ == 1) {
                steps.reached("while receiving");
            }
            return super.read(buffer, offset, length);
        }
    }
}
