package cambium.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/// Into which repository, and for which distribution, packages are sent.
final class Destination {
    @Option(names = "--repo", required = true, paramLabel = "U/R",
            description = "repository, for example acme/storefront")
    private String repository;

    @Option(names = "--distro", required = true, paramLabel = "D/V",
            description = "distribution, for example debian/bookworm")
    private String distribution;

    @Option(names = "--create", description = "create the repository when it does not exist")
    private boolean create;

    void check() {
        if (!repository.matches("[^/]+/[^/]+") || !distribution.matches("[^/]+/[^/]+")) {
            throw Stop.usage("--repo and --distro are two words with a slash between",
                    "write for example: --repo acme/storefront --distro debian/bookworm");
        }
    }

    /// Whether files are kept as they are, whatever they hold.
    boolean isAnyFile() {
        return distribution.startsWith("anyfile/");
    }

    /// Of the API.
    String path() {
        int slash = repository.indexOf('/');
        return "/api/v1/repos/" + Api.segment(repository.substring(0, slash)) + "/"
                + Api.segment(repository.substring(slash + 1));
    }

    /// The repository that was made now, because it was asked for and missing.
    Optional<String> created(Api api) {
        if (!create || api.exchange("GET", path() + ".json", Optional.empty()).status() != 404) {
            return Optional.empty();
        }
        Json wanted = Json.fields().with("name", repository).with("private", new Json.Flag(false));
        api.post("/api/v1/repos.json", Json.fields().with("repository", wanted));
        return Optional.of(repository);
    }

    /// The number of the distribution among those for files of a type, such as `deb`.
    String number(Json distributions, String type) {
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

    /// What to say when the repository was not found after all.
    Stop missing(Reply reply) {
        return Stop.refused("there is no repository " + repository + ", or the token may not see it",
                "create it by adding --create", reply);
    }
}
