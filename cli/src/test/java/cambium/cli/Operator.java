package cambium.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Types commands in a test: a fixed clock, waits that pass at once, output kept apart.
final class Operator {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    record Result(int code, String out, String err) {}

    private final Map<String, String> environment;
    private final Path folder;
    private final boolean terminal;
    final List<Duration> waits = new ArrayList<>();

    Operator(Path folder, Map<String, String> environment, boolean terminal) {
        this.folder = folder;
        this.environment = environment;
        this.terminal = terminal;
    }

    static Operator at(RecordingServer server) {
        return new Operator(Path.of("/nowhere"), Map.of("CAMBIUM_URL", server.url(), "CAMBIUM_TOKEN", "secret"), false);
    }

    Result types(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var surroundings = new Surroundings(environment, folder, folder.resolve("home"), stream(out), stream(err),
                terminal, () -> NOW, waits::add);
        int code = new Program(surroundings).run(arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
