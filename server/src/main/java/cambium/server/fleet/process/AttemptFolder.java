package cambium.server.fleet.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The folder of one attempt: what `run-step.sh` leaves there, read. The files are the truth about an attempt; nothing
/// about it is held in memory, so another process of the server, started later, sees the same.
final class AttemptFolder {
    static final int MAX_SMALL_FILE_BYTES = 8192;
    static final int MAX_LOG_PART_BYTES = 1 << 20;
    private static final int LAST_LINE_BYTES = 4096;
    private static final int LAST_LINE_CHARS = 300;
    private static final String REFUSED = "refused ";

    private final Path folder;

    /// How far the attempt is.
    sealed interface Standing {
        /// Nobody has claimed it; it may be run.
        record Untouched() implements Standing {}

        record Running() implements Standing {}

        /// Claimed so that it never runs: it could not be run at all.
        record Refused(String reason) implements Standing {}

        record Ended(int code, boolean timedOut) implements Standing {}

        /// Claimed, its processes gone, and nobody wrote down how it ended: killed with its witness, or power lost.
        record Lost() implements Standing {}
    }

    AttemptFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    /// The order of reading matters: the exit is written by a living process, so it is looked for again
    /// after the processes were seen dead.
    Standing standing() {
        var claim = small("claim");
        if (claim.isEmpty()) {
            return new Standing.Untouched();
        }
        if (claim.get().startsWith(REFUSED)) {
            return new Standing.Refused(claim.get().substring(REFUSED.length()).strip());
        }
        return exit().orElseGet(() -> alive(claim.get())
                ? new Standing.Running()
                : exit().orElseGet(Standing.Lost::new));
    }

    private boolean alive(String claim) {
        return StepProcess.parse(claim).filter(StepProcess::alive).isPresent()
                || child().isPresent();
    }

    /// The living process that keeps the step's time limit; ended, it ends the step.
    Optional<StepProcess> child() {
        return small("child").flatMap(StepProcess::parse).filter(StepProcess::alive);
    }

    /// Why somebody wanted the step to end early.
    Optional<String> cancelled() {
        return small("cancel").map(String::strip);
    }

    /// The first reason stays.
    void noteCancelled(String why) throws IOException {
        linked("cancel", why + "\n");
    }

    private Optional<Standing> exit() {
        return small("exit").map(text -> {
            var words = text.strip().split(" ");
            if (words.length != 3 || !words[0].matches("[0-9]{1,3}")) {
                return new Standing.Lost();
            }
            return new Standing.Ended(Integer.parseInt(words[0]), words[2].equals("timed-out"));
        });
    }

    /// Claims the attempt with a reason not to run it. False: somebody else claimed it first and runs it.
    boolean refuse(String reason) throws IOException {
        return linked("claim", REFUSED + reason + "\n");
    }

    /// Makes a file whole or not at all; false where there is one already.
    private boolean linked(String name, String text) throws IOException {
        var own = Files.createTempFile(folder, name, ".new");
        try {
            Files.writeString(own, text);
            Files.createLink(folder.resolve(name), own);
            return true;
        } catch (FileAlreadyExistsException there) {
            return false;
        } finally {
            Files.deleteIfExists(own);
        }
    }

    /// The kept output: its beginning and, when it was longer, its end, with a line between them that says so.
    Optional<InputStream> log() throws IOException {
        var head = folder.resolve("log");
        if (!Files.isRegularFile(head)) {
            return Optional.empty();
        }
        var parts = new ArrayList<InputStream>();
        parts.add(Files.newInputStream(head));
        var tail = folder.resolve("log.tail");
        if (Files.isRegularFile(tail) && Files.size(tail) > 0) {
            if (Files.size(tail) >= MAX_LOG_PART_BYTES) {
                var note = "\n[… output left out here …]\n";
                parts.add(new ByteArrayInputStream(note.getBytes(StandardCharsets.UTF_8)));
            }
            parts.add(Files.newInputStream(tail));
        }
        return Optional.of(new SequenceInputStream(Collections.enumeration(parts)));
    }

    /// The last line of the output that is not blank, shortened; empty when there is none.
    String lastLogLine() {
        for (var name : List.of("log.tail", "log")) {
            var lines = end(folder.resolve(name)).lines().filter(line -> !line.isBlank()).toList();
            if (!lines.isEmpty()) {
                var last = lines.getLast().replaceAll("\\p{Cntrl}", " ").strip();
                return last.length() <= LAST_LINE_CHARS ? last : last.substring(0, LAST_LINE_CHARS) + "…";
            }
        }
        return "";
    }

    private static String end(Path file) {
        try (var channel = Files.newByteChannel(file)) {
            channel.position(Math.max(0, channel.size() - LAST_LINE_BYTES));
            var bytes = new byte[LAST_LINE_BYTES];
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            return new String(bytes, 0, buffer.position(), StandardCharsets.UTF_8);
        } catch (IOException absent) {
            return "";
        }
    }

    /// A small file's text; empty when it is absent. Any other failure is an environment that cannot be judged.
    Optional<String> small(String name) {
        try (var in = Files.newInputStream(folder.resolve(name))) {
            return Optional.of(new String(in.readNBytes(MAX_SMALL_FILE_BYTES), StandardCharsets.UTF_8));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
