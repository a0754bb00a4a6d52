package cambium.server.blob;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/// Blobs as files: `<blobs>/ab/<sha256>`, received in a folder on the same file system, so that a rename makes them
/// appear whole. Several processes may share both folders.
public final class FolderBlobStore implements BlobStore, AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Path blobs;
    private final IncomingFolder incoming;

    /// Opens the store, creating what is missing, and sweeps what dead processes left half-received.
    public FolderBlobStore(Path blobs, Path incoming) {
        try {
            this.blobs = Files.createDirectories(blobs);
            this.incoming = IncomingFolder.open(incoming);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public Staging stage(InputStream in, long maxBytes) throws IOException {
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
        return new Staging.Staged(new StagedFile(file, sink.finish(), size));
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    @Override
    public void commit(StagedBlob staged) throws IOException {
        if (!(staged instanceof StagedFile file)) {
            throw new IllegalArgumentException("staged by another store");
        }
        Path target = path(staged.id());
        if (Files.exists(target)) {
            file.close();
            return;
        }
        force(file.file, StandardOpenOption.WRITE);
        if (!Files.exists(target.getParent())) {
            Files.createDirectories(target.getParent());
            force(blobs, StandardOpenOption.READ);
        }
        Files.move(file.file, target, StandardCopyOption.ATOMIC_MOVE);
        force(target.getParent(), StandardOpenOption.READ);
    }

    private static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    @Override
    public InputStream open(BlobId id, long fromByte, long toByte) throws IOException {
        FileChannel channel = FileChannel.open(path(id), StandardOpenOption.READ);
        if (fromByte < 0 || toByte < fromByte || toByte > channel.size()) {
            channel.close();
            throw new IllegalArgumentException("range " + fromByte + "-" + toByte + " is outside of the blob");
        }
        channel.position(fromByte);
        return new BoundedInput(Channels.newInputStream(channel), toByte - fromByte);
    }

    @Override
    public OptionalLong sizeBytes(BlobId id) throws IOException {
        try {
            return OptionalLong.of(Files.size(path(id)));
        } catch (NoSuchFileException absent) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void delete(BlobId id) throws IOException {
        Files.deleteIfExists(path(id));
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(blobs).getUsableSpace();
    }

    /// Removes what this process has half-received.
    @Override
    public void close() {
        incoming.close();
    }

    private Path path(BlobId id) {
        return blobs.resolve(id.sha256().substring(0, 2)).resolve(id.sha256());
    }

    private record StagedFile(Path file, BlobDigests digests, long sizeBytes) implements StagedBlob {
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
