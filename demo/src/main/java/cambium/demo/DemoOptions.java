package cambium.demo;

import java.nio.file.Path;
import java.util.Optional;

/// What was asked for on the command line.
///
/// @param exit ends by itself instead of keeping the page up
/// @param port of the server; a free one when none is named
/// @param data folder to work in, empty or new; a temporary one when none is named
/// @param keep leaves the folder behind
record DemoOptions(boolean exit, Optional<Integer> port, Optional<Path> data, boolean keep) {
    static final String USAGE = """
            Usage: cambium demo [--exit] [--port N] [--data DIR] [--keep]
            Starts a server and ten cells on this machine, takes three versions of a small shop through the rings
            and checks that the third one, which is harmful, is stopped and rolled back.
                  --exit       end when it is over: 0 when all was observed, else 1
                  --port N     port of the server (default: a free one)
                  --data DIR   folder to work in, empty or new (default: a temporary one)
                  --keep       leave the folder behind
              -h, --help       show this and end
            """;

    /// @throws IllegalArgumentException with a sentence for whoever typed it
    static Optional<DemoOptions> parse(String... arguments) {
        var options = new DemoOptions(false, Optional.empty(), Optional.empty(), false);
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "-h", "--help" -> {
                    return Optional.empty();
                }
                case "--exit" -> options = new DemoOptions(true, options.port, options.data, options.keep);
                case "--keep" -> options = new DemoOptions(options.exit, options.port, options.data, true);
                case "--port" -> options = new DemoOptions(options.exit,
                        Optional.of(port(value(arguments, ++i))), options.data, options.keep);
                case "--data" -> options = new DemoOptions(options.exit, options.port,
                        Optional.of(Path.of(value(arguments, ++i))), options.keep);
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
        return Optional.of(options);
    }

    private static String value(String[] arguments, int at) {
        if (at >= arguments.length) {
            throw new IllegalArgumentException(arguments[at - 1] + " needs a value");
        }
        return arguments[at];
    }

    private static int port(String text) {
        if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("'" + text + "' is no port");
        }
        return Integer.parseInt(text);
    }
}
