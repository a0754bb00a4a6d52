package cambium.bench;

import cambium.bench.fleet.AttemptsBench;
import cambium.bench.fleet.BrakeBench;
import cambium.bench.fleet.HerdBench;
import cambium.bench.fleet.HistoryBench;
import cambium.bench.fleet.PageBench;
import cambium.bench.fleet.WatchBench;
import cambium.bench.judge.JudgeBench;
import cambium.bench.repository.PublishBench;
import cambium.bench.repository.ServeBench;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `./dev bench [NAME]... [--sizes=1000,10000,100000]`, with the names of `ALL`: measures on this machine, prints each
/// row as it comes and writes tables and plots to bench/target/figures. Figures of a busy machine are upper bounds.
public final class Main {
    private static final List<String> ALL = List.of("start", "command", "plan", "brake", "attempts",
            "herd", "watch", "pages", "history", "publish", "serve", "judge");

    private static final String SIZES = "--sizes=";
    private static final Path RESULTS = Path.of("bench/target/figures");

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        var words = List.of(arguments);
        var sizes = words.stream().filter(word -> word.startsWith(SIZES)).findFirst().orElse(SIZES + "1000,10000");
        var names = words.stream().filter(word -> !word.startsWith(SIZES)).collect(Collectors.toSet());
        var chosen = names.isEmpty() ? Set.copyOf(ALL) : names;
        chosen.stream().filter(name -> !ALL.contains(name)).findAny().ifPresent(name -> {
            System.err.println("bench: '" + name + "' is none of " + String.join(", ", ALL));
            System.exit(2);
        });
        Files.createDirectories(RESULTS);
        var figures = new Figures();
        for (var name : ALL) {
            if (chosen.contains(name)) {
                run(name, figures, Stream.of(sizes.substring(SIZES.length()).split(",")).map(Integer::parseInt).sorted()
                    .toList());
            }
        }
        Files.writeString(RESULTS.resolve("figures.md"), figures.table());
    }

    private static void run(String name, Figures figures, List<Integer> sizes) throws Exception {
        var folder = Files.createTempDirectory("cambium-bench-");
        try {
            switch (name) {
                case "start" -> StartBench.run(figures, folder.resolve("data"));
                case "command" -> CommandBench.run(figures);
                case "plan" -> PlanBench.run(figures);
                case "brake" -> BrakeBench.run(figures, folder);
                case "attempts" -> AttemptsBench.run(figures, folder);
                case "herd" -> HerdBench.run(figures, folder);
                case "watch" -> WatchBench.run(figures, folder);
                case "pages" -> PageBench.run(figures, folder);
                case "history" -> HistoryBench.run(figures, folder);
                case "publish" -> PublishBench.run(figures, folder, RESULTS, sizes);
                case "judge" -> JudgeBench.run(RESULTS, 300, 75);
                case "serve" -> ServeBench.run(figures, folder.resolve("serve"));
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
