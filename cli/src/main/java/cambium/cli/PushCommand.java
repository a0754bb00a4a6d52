package cambium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "push", description = {"Upload packages to a repository.",
    "A file that is already there with the same bytes counts as pushed."})
final class PushCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "package files")
    private List<Path> files;

    @Mixin
    private final Destination destination = new Destination();

    @Option(names = "--wait", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "wait until package managers can see it (default)")
    private boolean wait;

    PushCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        destination.check();
        files.forEach(this::check);
        Api api = options.api();
        destination.created(api).ifPresent(made -> say("repository " + made + " created"));
        Json distributions = api.get("/api/v1/distributions.json").json();
        var pushed = new ArrayList<Json>();
        for (Path file : files) {
            pushed.add(push(api, file, destination.number(distributions, type(file))));
        }
        if (options.json()) {
            options.print(new Json.Items(pushed).write());
        }
        return Stop.Exit.DONE.code;
    }

    private Path check(Path file) {
        Path path = options.surroundings().folder().resolve(file);
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw Stop.usage("cannot read " + file, "check the path and its permissions");
        }
        return path;
    }

    private static String type(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String type = name.substring(name.lastIndexOf('.') + 1);
        if (!type.equals("deb") && !type.equals("rpm")) {
            throw Stop.usage(file + " is neither a .deb nor an .rpm file", "push packages of these kinds");
        }
        return type;
    }

    private Json push(Api api, Path file, String distributionId) {
        Progress progress = new Progress(options, file.getFileName().toString());
        Reply reply;
        try {
            Path path = check(file);
            PackageUpload upload = PackageUpload.of(path, distributionId, options.surroundings().clock().instant());
            long size = Files.size(path);
            reply = api.exchange("POST", destination.path() + "/packages.json?idempotent=true",
                    Optional.of(upload.body(sent -> progress.show(sent, size))));
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read " + file, "check the path and its permissions");
        } finally {
            progress.clear();
        }
        if (reply.status() == 404) {
            throw destination.missing(reply);
        }
        if (!reply.ok()) {
            throw Refusals.of(reply);
        }
        String what = reply.status() == 200 ? "was there already, the same bytes" : "pushed";
        Json details = wait ? new Visibility(options, api).awaited(reply.json()) : reply.json();
        String seen = "true".equals(details.text("indexed")) ? ", visible to package managers" : ", not yet indexed";
        say(file.getFileName() + " " + what + seen);
        return details;
    }

    private void say(String line) {
        if (!options.json()) {
            options.print(line);
        }
    }
}
