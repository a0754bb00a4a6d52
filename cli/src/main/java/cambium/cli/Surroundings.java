package cambium.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/// What a command may know of the world around it; the only way from here to the machine, so a test hands in its own.
///
/// @param environment variables of the process
/// @param folder where the operator stands
/// @param home the operator's home folder, where the credentials file lives
/// @param terminal whether `out` is a terminal: colours, redrawing and progress appear only there
/// @param sleep waits for one interval of a watch or a poll; a test passes at once
record Surroundings(
        Map<String, String> environment,
        Path folder,
        Path home,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        InstantSource clock,
        Sleep sleep) {

    Surroundings {
        environment = Map.copyOf(environment);
    }

    /// Colours: only on a terminal, never with NO_COLOR set to anything (no-color.org), never on a dumb terminal.
    Ink ink() {
        boolean wanted = environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Ink(terminal && wanted && !"dumb".equals(environment.get("TERM")));
    }

    /// Two lines on standard error: what is wrong, and what to do next.
    void complain(String cause, String next) {
        err.println(ink().alarm("cambium: ") + cause);
        err.println("  next: " + next);
    }

    /// Waits between two looks at the server.
    @FunctionalInterface
    interface Sleep {
        void during(Duration interval) throws InterruptedException;
    }
}
