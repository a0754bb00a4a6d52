package cambium.server.blob;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Receives streams into files of this process, hashing on the way. Memory use is one small buffer a stream; disk use
/// is what is being received. What dead processes left is swept when one starts.
final class Spool implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final IncomingFolder incoming;

    private Spool(IncomingFolder incoming) {
        this.incoming = incoming;
    }

    static Spool open(Path folder) throws IOException {
        return new Spool(IncomingFolder.open(folder));
    }

    Staging receive(InputStream in, long maxBytes) throws IOException {
        Path file = incoming.newFile();
        var sink = new HashingSink();
        long size = 0;
        boolean whole = false;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > maxBytes) {
                    return new Staging.TooLarge(maxBytes);
                }
                sink.update(buffer, n);
                writeAll(out, ByteBuffer.wrap(buffer, 0, n));
            }
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
        return new Staging.Staged(new SpooledBlob(file, sink.finish(), size));
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException failed) {
            throw BlobsFull.named(failed);
        }
    }

    long usableBytes() throws IOException {
        return incoming.usableBytes();
    }

    @Override
    public void close() {
        incoming.close();
    }

    /// Received bytes in a file that belongs to whoever holds this.
    record SpooledBlob(Path file, BlobDigests digests, long sizeBytes) implements StagedBlob {
        @Override
        public BlobId id() {
            return new BlobId(digests.sha256());
        }

        @Override
        public InputStream open() throws IOException {
            return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }
}
