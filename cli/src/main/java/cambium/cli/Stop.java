package cambium.cli;

import java.util.Optional;

/// Ends a command: one line of cause and one of what to do next. Caught in [Program] alone, which prints it.
final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// The exit codes; stable, documented in every `--help`. The last two are those of `wait` alone.
    enum Exit {
        DONE(0), REFUSED(1), USAGE(2), UNREACHABLE(3), HARMED(4), LATE(5);

        final int code;

        Exit(int code) {
            this.code = code;
        }
    }

    private final Exit exit;
    private final String next;
    private final transient Optional<Reply> reply;

    private Stop(Exit exit, String cause, String next, Optional<Reply> reply) {
        super(cause, null, false, false);
        this.exit = exit;
        this.next = next;
        this.reply = reply;
    }

    static Stop usage(String cause, String next) {
        return new Stop(Exit.USAGE, cause, next, Optional.empty());
    }

    static Stop refused(String cause, String next) {
        return new Stop(Exit.REFUSED, cause, next, Optional.empty());
    }

    static Stop refused(String cause, String next, Reply reply) {
        return new Stop(Exit.REFUSED, cause, next, Optional.of(reply));
    }

    static Stop unreachable(String cause, String next) {
        return new Stop(Exit.UNREACHABLE, cause, next, Optional.empty());
    }

    /// The same, with another exit code: for a command to which the usual one means something else.
    Stop as(Exit other) {
        return new Stop(other, getMessage(), next, reply);
    }

    Exit exit() {
        return exit;
    }

    String next() {
        return next;
    }

    /// The server's own words, printed as they came when the operator asked for JSON.
    Optional<Reply> reply() {
        return reply;
    }
}
