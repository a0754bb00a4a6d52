package cambium.server.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/// Blobs as files: `<blobs>/ab/<sha256>`, received in a folder on the same file system, so that a rename makes them
/// appear whole. Several processes may share both folders.
public final class FolderBlobStore implements BlobStore, AutoCloseable {
    private static final long SLOW_BYTES = 1L << 20;

    private final Path blobs;
    private final Spool spool;

    /// Opens the store, creating what is missing, and sweeps what dead processes left half-received.
    public FolderBlobStore(Path blobs, Path incoming) {
        try {
            this.blobs = Files.createDirectories(blobs);
            this.spool = Spool.open(incoming);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public Staging stage(InputStream in, long maxBytes) throws IOException {
        return spool.receive(in, maxBytes);
    }

    /// Syncing much to a disk takes long.
    @Override
    public boolean commitsSlowly(StagedBlob staged) {
        return staged.sizeBytes() > SLOW_BYTES;
    }

    @Override
    public void commit(StagedBlob staged) throws IOException {
        commitAll(List.of(staged));
    }

    /// Files are synced some at a time, which a journal makes one write of, each folder once for all its files. That
    /// of a file which is there already is synced as well: whoever has just moved it there may not have come so far.
    @Override
    public void commitAll(List<StagedBlob> staged) throws IOException {
        var moves = new LinkedHashMap<Path, Spool.SpooledBlob>();
        var folders = new TreeSet<Path>();
        for (StagedBlob one : staged) {
            if (!(one instanceof Spool.SpooledBlob file)) {
                throw new IllegalArgumentException("staged by another store");
            }
            Path target = path(one.id());
            folders.add(target.getParent());
            if (Files.exists(target) || moves.putIfAbsent(target, file) != null) {
                file.close();
            }
        }
        AtATime.each(moves.values(), file -> force(file.file(), StandardOpenOption.WRITE));
        boolean isNew = false;
        for (Path folder : folders) {
            if (!Files.exists(folder)) {
                Files.createDirectories(folder);
                isNew = true;
            }
        }
        if (isNew) {
            force(blobs, StandardOpenOption.READ);
        }
        for (var move : moves.entrySet()) {
            Files.move(move.getValue().file(), move.getKey(), StandardCopyOption.ATOMIC_MOVE);
        }
        AtATime.each(folders, folder -> force(folder, StandardOpenOption.READ));
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
        return new FileInput(channel, toByte);
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
    public List<BlobId> storedBefore(Instant before, String twoDigits) throws IOException {
        Path folder = blobs.resolve(twoDigits);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var found = new ArrayList<BlobId>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (BlobId.isValid(name) && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    found.add(new BlobId(name));
                }
            }
        }
        return List.copyOf(found);
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(blobs).getUsableSpace();
    }

    @Override
    public Optional<String> problem() {
        try {
            Files.delete(Files.createTempFile(blobs, ".ready-", ".tmp"));
            return Optional.empty();
        } catch (IOException broken) {
            return Optional.of("the folder for blobs cannot be written: " + cause(broken));
        }
    }

    /// Without the path, which is nobody's business who asks for the health of the server.
    private static String cause(IOException broken) {
        return switch (broken) {
            case NoSuchFileException gone -> "it is not there";
            case AccessDeniedException denied -> "this process has no right to";
            case FileSystemException failed when failed.getReason() != null -> failed.getReason();
            default -> broken.getClass().getSimpleName();
        };
    }

    /// Removes what this process has half-received.
    @Override
    public void close() {
        spool.close();
    }

    private Path path(BlobId id) {
        return blobs.resolve(id.sha256().substring(0, 2)).resolve(id.sha256());
    }
}
