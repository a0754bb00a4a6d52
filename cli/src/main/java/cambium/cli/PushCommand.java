package cambium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int MAX_LOOKS = 600;

    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "package files")
    private List<Path> files;

    @Option(names = "--repo", required = true, paramLabel = "U/R",
            description = "repository, for example acme/storefront")
    private String repository;

    @Option(names = "--distro", required = true, paramLabel = "D/V",
            description = "distribution, for example debian/bookworm")
    private String distribution;

    @Option(names = "--create", description = "create the repository when it does not exist")
    private boolean create;

    @Option(names = "--wait", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "wait until package managers can see it (default)")
    private boolean wait;

    PushCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (!repository.matches("[^/]+/[^/]+") || !distribution.matches("[^/]+/[^/]+")) {
            throw Stop.usage("--repo and --distro are two words with a slash between",
                    "write for example: --repo acme/storefront --distro debian/bookworm");
        }
        files.forEach(this::check);
        Api api = options.api();
        if (create) {
            createRepository(api);
        }
        Json distributions = api.get("/api/v1/distributions.json").json();
        var pushed = new ArrayList<Json>();
        for (Path file : files) {
            pushed.add(push(api, file, distributionId(distributions, file)));
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

    private String path() {
        int slash = repository.indexOf('/');
        return "/api/v1/repos/" + Api.segment(repository.substring(0, slash)) + "/"
                + Api.segment(repository.substring(slash + 1));
    }

    private void createRepository(Api api) {
        if (api.exchange("GET", path() + ".json", Optional.empty()).status() == 404) {
            Json wanted = Json.fields().with("name", repository).with("private", new Json.Flag(false));
            api.post("/api/v1/repos.json", Json.fields().with("repository", wanted));
            say("repository " + repository + " created");
        }
    }

    private String distributionId(Json distributions, Path file) {
        String type = type(file);
        String[] wanted = distribution.split("/", 2);
        for (Json known : distributions.items(type)) {
            for (Json version : known.items("versions")) {
                boolean named = wanted[1].equals(version.text("index_name"))
                        || wanted[1].equals(version.text("version_number"));
                if (named && wanted[0].equals(known.text("index_name"))) {
                    return version.text("id");
                }
            }
        }
        throw Stop.refused("the server knows no distribution " + distribution + " for ." + type + " files",
                "write one it knows, for example debian/bookworm or ubuntu/noble");
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
            reply = api.exchange("POST", path() + "/packages.json?idempotent=true",
                    Optional.of(upload.body(sent -> progress.show(sent, size))));
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read " + file, "check the path and its permissions");
        } finally {
            progress.clear();
        }
        if (reply.status() == 404) {
            throw Stop.refused("there is no repository " + repository + ", or the token may not see it",
                    "create it by adding --create", reply);
        }
        if (!reply.ok()) {
            throw Refusals.of(reply);
        }
        String what = reply.status() == 200 ? "was there already, the same bytes" : "pushed";
        Json details = wait ? visible(api, reply.json()) : reply.json();
        String seen = "true".equals(details.text("indexed")) ? ", visible to package managers" : ", not yet indexed";
        say(file.getFileName() + " " + what + seen);
        return details;
    }

    /// Asks until the index holds it. A push is already safe before that, so giving up is not a failure of the push.
    private Json visible(Api api, Json details) {
        Json latest = details;
        for (int look = 0; look < MAX_LOOKS && !"true".equals(latest.text("indexed")); look++) {
            String self = details.find("self_url").or(() -> details.find("package_url")).orElse("");
            if (!self.startsWith("/")) {
                return latest;
            }
            options.pause(LOOK_EVERY);
            latest = api.get(self).json();
            latest.find("failure").ifPresent(reason -> {
                throw Stop.refused("stored, but it cannot be indexed: " + reason,
                        "correct the package and push it again");
            });
        }
        if (!"true".equals(latest.text("indexed"))) {
            throw Stop.refused("stored, but still not indexed", "look into the server's log; the package is safe");
        }
        return latest;
    }

    private void say(String line) {
        if (!options.json()) {
            options.print(line);
        }
    }
}
