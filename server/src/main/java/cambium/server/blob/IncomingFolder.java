package cambium.server.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// The folder of one process for half-received bytes. A locked file beside it says that the process lives: a lock
/// ends with its process, also by `kill -9`, and holds between containers whose process ids mean nothing to each
/// other. What belongs to no living process is swept when a process starts.
final class IncomingFolder implements AutoCloseable {
    private static final String LOCK_SUFFIX = ".lock";

    private final Path folder;
    private final Path lockFile;
    private final FileChannel channel;
    private final AtomicLong next = new AtomicLong();

    private IncomingFolder(Path folder, Path lockFile, FileChannel channel) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.channel = channel;
    }

    static IncomingFolder open(Path incoming) throws IOException {
        Files.createDirectories(incoming);
        sweep(incoming);
        while (true) {
            String name = UUID.randomUUID().toString();
            Path lockFile = incoming.resolve(name + LOCK_SUFFIX);
            FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            // A sweeping process may have taken the lock before we did; then it has removed the file as well.
            if (lock != null && Files.exists(lockFile)) {
                return new IncomingFolder(Files.createDirectory(incoming.resolve(name)), lockFile, channel);
            }
            channel.close();
        }
    }

    Path newFile() {
        return folder.resolve(next.incrementAndGet() + ".part");
    }

    long usableBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /// Removes the folders of processes that are gone.
    static void sweep(Path incoming) throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(incoming, "*" + LOCK_SUFFIX)) {
            for (Path lockFile : locks) {
                sweepOne(incoming, lockFile);
            }
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(incoming, Files::isDirectory)) {
            for (Path folder : folders) {
                if (!Files.exists(incoming.resolve(folder.getFileName() + LOCK_SUFFIX))) {
                    deleteTree(folder);
                }
            }
        }
    }

    private static void sweepOne(Path incoming, Path lockFile) throws IOException {
        String name = lockFile.getFileName().toString();
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                deleteTree(incoming.resolve(name.substring(0, name.length() - LOCK_SUFFIX.length())));
                Files.deleteIfExists(lockFile);
            }
        } catch (OverlappingFileLockException ours) {
            return;   // another store of this very process is alive
        } catch (NoSuchFileException swept) {
            return;   // another process was quicker
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        try {
            deleteTree(folder);
            Files.deleteIfExists(lockFile);
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
