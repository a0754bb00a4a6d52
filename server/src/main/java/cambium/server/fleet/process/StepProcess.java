package cambium.server.fleet.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Names one process of this machine for good: process ids are used again, an id with the kernel's start time
/// (clock ticks since boot, field 22 of `/proc/PID/stat`, see proc(5)) and the boot's own id is not.
record StepProcess(String boot, long pid, long startTicks) {
    private static final int FIELDS_AFTER_NAME_UNTIL_START = 19;

    /// Reads "BOOT PID START"; empty when the text is anything else, for instance cut short by a full disk.
    static Optional<StepProcess> parse(String text) {
        var words = text.strip().split(" ");
        if (words.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new StepProcess(words[0], Long.parseLong(words[1]), Long.parseLong(words[2])));
        } catch (NumberFormatException malformed) {
            return Optional.empty();
        }
    }

    /// What cannot be looked at for another reason than that it is gone is not told to be dead.
    boolean alive() {
        try {
            var running = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return running.equals(boot) && stillThat(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (NoSuchFileException gone) {
            return false;
        } catch (FileSystemException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }

    /// Asks it politely to end; `timeout` then ends what it runs, the hard way after its grace.
    void end() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    /// The name, second field, may hold blanks and parentheses, so fields count from the last one. Zombies are dead.
    private boolean stillThat(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ");
        var state = fields[0];
        return !state.equals("Z") && !state.equals("X")
                && fields.length > FIELDS_AFTER_NAME_UNTIL_START
                && fields[FIELDS_AFTER_NAME_UNTIL_START].equals(Long.toString(startTicks));
    }
}
