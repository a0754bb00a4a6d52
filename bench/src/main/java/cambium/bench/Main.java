package cambium.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// `./dev bench [start|command|plan|publish]...`: measures on this machine, prints each row as it comes and writes the
/// table to bench/target/figures.md. Figures of a busy machine are upper bounds.
public final class Main {
    private static final List<String> ALL = List.of("start", "command", "plan", "publish");

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        var chosen = arguments.length == 0 ? Set.copyOf(ALL) : Set.of(arguments);
        chosen.stream().filter(name -> !ALL.contains(name)).findAny().ifPresent(name -> {
            System.err.println("bench: '" + name + "' is none of " + String.join(", ", ALL));
            System.exit(2);
        });
        var figures = new Figures();
        for (var name : ALL) {
            if (chosen.contains(name)) {
                run(name, figures);
            }
        }
        Files.writeString(Path.of("bench/target/figures.md"), figures.table());
    }

    private static void run(String name, Figures figures) throws Exception {
        var folder = Files.createTempDirectory("cambium-bench-");
        try {
            switch (name) {
                case "start" -> StartBench.run(figures, folder.resolve("data"));
                case "command" -> CommandBench.run(figures);
                case "plan" -> PlanBench.run(figures);
                case "publish" -> PublishBench.run(figures, folder.resolve("data"));
                default -> throw new IllegalStateException(name);
            }
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            walk.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
