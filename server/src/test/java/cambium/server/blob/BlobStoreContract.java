package cambium.server.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What every blob store must do.
abstract class BlobStoreContract {
    private static final byte[] HELLO = "hello, cambium".getBytes(StandardCharsets.UTF_8);

    abstract BlobStore store() throws IOException;

    private static StagedBlob stage(BlobStore store, byte[] bytes) throws IOException {
        return assertInstanceOf(Staging.Staged.class, store.stage(new ByteArrayInputStream(bytes), 1 << 20)).blob();
    }

    @Test
    void hashesInOnePass() throws IOException {
        try (StagedBlob staged = stage(store(), "abc".getBytes(StandardCharsets.US_ASCII))) {
            assertEquals("900150983cd24fb0d6963f7d28e17f72", staged.digests().md5());
            assertEquals("a9993e364706816aba3e25717850c26c9cd0d89d", staged.digests().sha1());
            assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                staged.digests().sha256());
            assertEquals("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f", staged.digests().sha512());
            assertEquals(3, staged.sizeBytes());
        }
    }

    @Test
    void isReadableOnceCommitted() throws IOException {
        BlobStore store = store();
        try (StagedBlob staged = stage(store, HELLO)) {
            assertEquals(OptionalLong.empty(), store.sizeBytes(staged.id()));
            store.commit(staged);
            assertEquals(OptionalLong.of(HELLO.length), store.sizeBytes(staged.id()));
            assertArrayEquals(HELLO, store.bytes(staged.id()));
        }
    }

    @Test
    void commitsManyAtOnceAlsoWhenSomeAreThereAlready() throws IOException {
        BlobStore store = store();
        BlobId there = store.put("number 3".getBytes(StandardCharsets.UTF_8));
        var staged = new ArrayList<StagedBlob>();
        for (int i = 0; i < 40; i++) {
            staged.add(stage(store, ("number " + i).getBytes(StandardCharsets.UTF_8)));
        }
        store.commitAll(staged);
        for (StagedBlob one : staged) {
            one.close();
            assertEquals(OptionalLong.of(one.sizeBytes()), store.sizeBytes(one.id()));
        }
        assertArrayEquals("number 3".getBytes(StandardCharsets.UTF_8), store.bytes(there));
        store.commitAll(List.of());
    }

    @Test
    void readsStagedBytesAsOftenAsWanted() throws IOException {
        try (StagedBlob staged = stage(store(), HELLO)) {
            for (int i = 0; i < 2; i++) {
                try (InputStream in = staged.open()) {
                    assertArrayEquals(HELLO, in.readAllBytes());
                }
            }
        }
    }

    @Test
    void readsARange() throws IOException {
        BlobStore store = store();
        BlobId id = store.put(HELLO);
        try (InputStream in = store.open(id, 7, 11)) {
            assertEquals("camb", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        try (InputStream in = store.open(id, 3, 3)) {
            assertEquals(-1, in.read());
        }
        assertThrows(IllegalArgumentException.class, () -> store.open(id, 0, HELLO.length + 1));
    }

    @Test
    void refusesMoreThanAllowed() throws IOException {
        assertEquals(new Staging.TooLarge(13), store().stage(new ByteArrayInputStream(HELLO), 13));
        assertInstanceOf(Staging.Staged.class, store().stage(new ByteArrayInputStream(HELLO), HELLO.length));
    }

    @Test
    void commitsTheSameBytesTwice() throws IOException {
        BlobStore store = store();
        assertEquals(store.put(HELLO), store.put(HELLO));
        assertArrayEquals(HELLO, store.bytes(store.put(HELLO)));
    }

    @Test
    void keepsNothingOfAStreamThatFails() throws IOException {
        var failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the client is gone");
            }
        };
        assertThrows(IOException.class, () -> store().stage(failing, 10));
    }

    @Test
    void deletes() throws IOException {
        BlobStore store = store();
        BlobId id = store.put(HELLO);
        store.delete(id);
        store.delete(id);
        assertEquals(OptionalLong.empty(), store.sizeBytes(id));
        assertThrows(NoSuchFileException.class, () -> store.open(id, 0, 1));
    }

    @Test
    void keepsAnEmptyBlob() throws IOException {
        BlobStore store = store();
        assertEquals(OptionalLong.of(0), store.sizeBytes(store.put(new byte[0])));
    }
}
