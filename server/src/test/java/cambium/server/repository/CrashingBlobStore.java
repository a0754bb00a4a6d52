package cambium.server.repository;

import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.blob.Staging;
import cambium.server.http.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// The store of a process that dies at its n-th step: before or after something becomes durable, or in the middle of
/// receiving. From then on nothing of the process reaches the disk any more.
final class CrashingBlobStore implements BlobStore {
    private final BlobStore store;
    private int stepsAtStart;
    private int stepsLeft;
    private boolean isDead;

    CrashingBlobStore(BlobStore store, int stepsLeft) {
        this.store = store;
        this.stepsLeft = stepsLeft;
        this.stepsAtStart = stepsLeft;
    }

    /// The process is gone. A refusal, since the server logs the stack of everything else.
    static final class Crash extends Refused {
        private static final long serialVersionUID = 1;

        Crash() {
            super(500, "dead", "the process is dead");
        }
    }

    /// The next process on the same bytes, which dies after so many steps.
    synchronized void revive(int steps) {
        stepsLeft = steps;
        stepsAtStart = steps;
        isDead = false;
    }

    /// How many steps were taken since it was revived.
    synchronized int steps() {
        return stepsAtStart - stepsLeft;
    }

    synchronized boolean isDead() {
        return isDead;
    }

    private synchronized void step() {
        if (isDead || --stepsLeft < 0) {
            isDead = true;
            throw new Crash();
        }
    }

    @Override
    public Staging stage(InputStream in, long maxBytes) throws IOException {
        step();
        Staging staged = store.stage(in, maxBytes);
        step();
        return staged;
    }

    @Override
    public void commit(StagedBlob staged) throws IOException {
        step();
        store.commit(staged);
        step();
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
        step();
        store.delete(id);
        step();
    }

    @Override
    public List<BlobId> storedBefore(Instant before, String twoDigits) throws IOException {
        return store.storedBefore(before, twoDigits);
    }

    @Override
    public long usableBytes() throws IOException {
        return store.usableBytes();
    }
}
