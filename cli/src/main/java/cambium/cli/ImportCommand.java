package cambium.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "import", description = {"Upload all packages below a folder, many at a time.",
    "What is there already with the same bytes is skipped, so a broken import is taken up again by the same command.",
    "A package that is refused does not lose the others; the exit code then is 1.",
    "Source packages (.dsc) are left out and named: they go with cambium push."})
final class ImportCommand implements Callable<Integer> {
    private static final int MAX_FILES = 1_000;
    /// One file may be larger; it then goes alone.
    private static final long MAX_BYTES = 256L << 20;

    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "DIR", description = "folder; .deb and .rpm files in it and below")
    private Path folder;

    @Mixin
    private final Destination destination = new Destination();

    @Option(names = "--wait", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "wait until package managers can see all (default)")
    private boolean wait;

    private final List<Json> results = new ArrayList<>();
    private Optional<Json> last = Optional.empty();
    private final List<Path> sources = new ArrayList<>();

    ImportCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        destination.check();
        var files = files();
        Api api = options.api();
        destination.created(api).ifPresent(made -> say("repository " + made + " created"));
        Json distributions = api.get("/api/v1/distributions.json").json();
        files.forEach((type, all) -> {
            String path = destination.path() + "/packages/import?distro_version_id="
                    + destination.number(distributions, type);
            send(api, path, all);
            if (wait) {
                last.ifPresent(new Visibility(options, api)::awaited);
            }
            last = Optional.empty();
        });
        return report();
    }

    /// By type, each in the order of their paths.
    private TreeMap<String, List<Path>> files() {
        Path root = options.surroundings().folder().resolve(folder);
        var files = new TreeMap<String, List<Path>>();
        try (Stream<Path> found = Files.walk(root)) {
            found.filter(Files::isRegularFile).sorted().forEach(file -> {
                String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
                String type = name.substring(name.lastIndexOf('.') + 1);
                if (type.equals("deb") || type.equals("rpm")) {
                    files.computeIfAbsent(type, _ -> new ArrayList<>()).add(file);
                } else if (type.equals("dsc")) {
                    sources.add(folder.resolve(root.relativize(file)));
                }
            });
        } catch (IOException | java.io.UncheckedIOException unreadable) {
            throw Stop.usage("cannot read the folder " + folder, "check the path and its permissions");
        }
        if (files.isEmpty()) {
            throw Stop.usage("there is no .deb or .rpm file below " + folder, sources.isEmpty()
                    ? "name a folder that has some" : "a source package (.dsc) goes with: cambium push FILE");
        }
        return files;
    }

    private void send(Api api, String path, List<Path> all) {
        var progress = new Progress(options, folder.toString());
        int done = 0;
        while (done < all.size()) {
            PackageArchive archive = archive(all.subList(done, all.size()));
            int before = done;
            Reply reply = api.exchange("POST", path, Optional.of(archive.body(sent ->
                    progress.showCount(before + sent, all.size()))));
            if (reply.status() == 404) {
                throw destination.missing(reply);
            }
            if (!reply.ok()) {
                throw Refusals.of(reply);
            }
            take(reply);
            done += archive.count();
        }
        progress.clear();
    }

    private PackageArchive archive(List<Path> left) {
        try {
            return PackageArchive.of(left, MAX_FILES, MAX_BYTES);
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read a file below " + folder, "check permissions and run the same command again");
        }
    }

    /// The last line says that the answer is whole, or why it is not.
    private void take(Reply reply) {
        Json end = Json.fields();
        for (String line : reply.text().split("\n")) {
            end = parsed(line);
            if (end.find("result").isPresent()) {
                results.add(end);
                show(end);
            }
        }
        if (!"true".equals(end.text("done"))) {
            String cause = end.find("message").orElse("the answer broke off");
            throw Stop.refused("the import stopped after " + results.size() + " packages: " + cause,
                    "run the same command again: what is stored already is skipped", reply);
        }
    }

    private static Json parsed(String line) {
        try {
            return Json.parse(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException cut) {
            return Json.fields();
        }
    }

    private void show(Json result) {
        if (result.text("result").equals("refused")) {
            say(result.text("file") + " refused: " + result.text("reason"));
        } else if (result.text("result").equals("received")) {
            last = Optional.of(result);
        }
    }

    private long count(String result) {
        return results.stream().filter(one -> one.text("result").equals(result)).count();
    }

    private int report() {
        long refused = count("refused");
        if (options.json()) {
            var all = new ArrayList<>(results);
            sources.forEach(file -> all.add(Json.fields().with("file", file.toString()).with("result", "left_out")
                    .with("reason", "a source package goes with: cambium push")));
            options.print(new Json.Items(all).write());
        } else {
            sources.forEach(file -> say(file + " left out: a source package goes with: cambium push"));
            say(results.size() + " packages: " + count("received") + " received, " + count("already_there")
                    + " there already, " + refused + " refused" + (wait ? "; visible to package managers" : "")
                    + (sources.isEmpty() ? "" : "; " + sources.size() + " .dsc left out"));
        }
        return refused == 0 ? Stop.Exit.DONE.code : Stop.Exit.REFUSED.code;
    }

    private void say(String line) {
        if (!options.json()) {
            options.print(line);
        }
    }
}
