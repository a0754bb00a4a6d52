package cambium.server.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderBlobStoreTest extends BlobStoreContract {
    @TempDir
    Path data;

    private FolderBlobStore store;

    @BeforeEach
    void open() {
        store = new FolderBlobStore(data.resolve("blobs"), data.resolve("incoming"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    BlobStore store() {
        return store;
    }

    private List<Path> parts() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("incoming"))) {
            return files.filter(file -> file.toString().endsWith(".part")).sorted().toList();
        }
    }

    @Test
    void placesABlobUnderItsFirstTwoDigits() throws IOException {
        BlobId id = store.put("abc".getBytes(StandardCharsets.US_ASCII));
        assertTrue(Files.exists(data.resolve("blobs/ba/" + id.sha256())));
        assertEquals(List.of(), parts());
    }

    @Test
    void leavesNoPartBehind() throws IOException {
        var failing = new InputStream() {
            private int left = 100_000;

            @Override
            public int read() throws IOException {
                if (left-- <= 0) {
                    throw new IOException("the client is gone");
                }
                return 'x';
            }
        };
        assertThrows(IOException.class, () -> store.stage(failing, 1 << 20));
        store.stage(new ByteArrayInputStream(new byte[100]), 10);
        if (store.stage(new ByteArrayInputStream(new byte[100]), 100) instanceof Staging.Staged(StagedBlob blob)) {
            assertEquals(1, parts().size());
            blob.close();
        }
        assertEquals(List.of(), parts());
    }

    @Test
    void tellsWhyItsFolderCannotBeWrittenAndNotWhereItIs() throws IOException {
        assertEquals(Optional.empty(), store.problem());
        Files.delete(data.resolve("blobs"));
        assertEquals(Optional.of("the folder for blobs cannot be written: it is not there"), store.problem());
        Files.createFile(data.resolve("blobs"));
        assertEquals(Optional.of("the folder for blobs cannot be written: Not a directory"), store.problem());
    }

    @Test
    void sweepsWhatADeadProcessLeft() throws IOException {
        Path incoming = data.resolve("incoming");
        Path left = Files.createDirectory(incoming.resolve("dead"));
        Files.writeString(left.resolve("1.part"), "half");
        Files.writeString(incoming.resolve("dead.lock"), "");
        Path withoutLock = Files.createDirectory(incoming.resolve("older"));
        Files.writeString(withoutLock.resolve("7.part"), "half");
        new FolderBlobStore(data.resolve("blobs"), data.resolve("incoming")).close();
        assertFalse(Files.exists(left));
        assertFalse(Files.exists(withoutLock));
        assertFalse(Files.exists(incoming.resolve("dead.lock")));
    }

    @Test
    void leavesAloneWhatALivingStoreReceives() throws IOException {
        if (store.stage(new ByteArrayInputStream(new byte[100]), 100) instanceof Staging.Staged(StagedBlob blob)) {
            new FolderBlobStore(data.resolve("blobs"), data.resolve("incoming")).close();
            store.commit(blob);
            assertTrue(store.sizeBytes(blob.id()).isPresent());
        }
    }
}
