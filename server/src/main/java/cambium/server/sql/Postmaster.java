package cambium.server.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The main process of a PostgreSQL, found through the `postmaster.pid` of its folder.
record Postmaster(ProcessHandle process) {
    private static final Duration FAST_STOP = Duration.ofSeconds(20);
    private static final Duration IMMEDIATE_STOP = Duration.ofSeconds(10);
    private static final int LINE_OF_STATE = 7;

    /// The living postmaster of that folder. A stale file, or a process number since taken by another program, is none.
    static Optional<Postmaster> of(Path folder) throws IOException {
        var lines = lines(folder);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        var pid = Long.parseLong(lines.getFirst().strip());
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive)
                .filter(_ -> servesFolder(pid, folder)).map(Postmaster::new);
    }

    /// Whether the postmaster with that number has said in its file that it takes connections.
    static boolean isReady(Path folder, long pid) throws IOException {
        var lines = lines(folder);
        return lines.size() > LINE_OF_STATE
                && lines.getFirst().strip().equals(Long.toString(pid))
                && lines.get(LINE_OF_STATE).strip().equals("ready");
    }

    /// Ends it: open transactions are rolled back and everything is flushed; if that takes too long, at once, which
    /// the next start recovers from.
    void stop() throws IOException {
        Commands.signal("INT", process.pid());
        if (endsWithin(FAST_STOP)) {
            return;
        }
        Commands.signal("QUIT", process.pid());
        if (!endsWithin(IMMEDIATE_STOP)) {
            throw new IOException("PostgreSQL (process " + process.pid() + ") does not stop");
        }
    }

    private boolean endsWithin(Duration patience) throws IOException {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL stops", e);
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    /// A postmaster works inside its folder, which a path in its arguments could not show after a move.
    private static boolean servesFolder(long pid, Path folder) {
        var proc = Path.of("/proc", Long.toString(pid));
        try {
            var program = Files.readString(proc.resolve("cmdline")).split("\0", 2)[0];
            return Path.of(program).getFileName().toString().equals("postgres")
                    && Files.isSameFile(proc.resolve("cwd"), folder);
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> lines(Path folder) throws IOException {
        var file = folder.resolve("postmaster.pid");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
