package cambium.server.fleet.process;

import cambium.rollout.CellId;
import cambium.server.fleet.Epoch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The highest epoch under which each cell was given an order on this machine, a small file each, so that a
/// coordinator that was replaced is refused whichever process of the server it lives in.
final class Fences {
    private static final Object WITHIN_THIS_PROCESS = new Object();

    private final Path folder;

    Fences(Path folder) {
        this.folder = folder;
    }

    Path file(CellId cell) {
        return folder.resolve(".fence-" + cell);
    }

    /// Raises the cell's fence to this epoch; false when it stands higher already.
    boolean passes(CellId cell, Epoch epoch) throws IOException {
        synchronized (WITHIN_THIS_PROCESS) {
            try (var lock = FileChannel.open(folder.resolve(".fences"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE)) {
                lock.lock();
                var highest = highest(cell);
                if (highest < epoch.number()) {
                    var fresh = Files.createTempFile(folder, ".fence", ".new");
                    Files.writeString(fresh, epoch.number() + "\n");
                    Files.move(fresh, file(cell), StandardCopyOption.ATOMIC_MOVE);
                }
                return highest <= epoch.number();
            }
        }
    }

    /// A file that a crash of the machine left empty fences nothing: the claim of each attempt still holds.
    private long highest(CellId cell) throws IOException {
        try {
            var text = Files.readString(file(cell)).strip();
            return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
        } catch (NoSuchFileException first) {
            return 0;
        }
    }
}
