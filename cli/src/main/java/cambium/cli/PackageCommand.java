package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "package", description = {"Take a package away, give it back, copy it, or index it again.",
    "yank        gone for good; its name stays taken for its bytes",
    "quarantine  nowhere to be had from now on, until it is released",
    "release     back to where it was",
    "copy        into another repository as well",
    "withdrawn   list what was yanked or is in quarantine, by whom and why",
    "reindex     try again what could not be indexed; without D/V and FILE all of the repository"})
final class PackageCommand implements Callable<Integer> {
    private enum Act { yank, quarantine, release, copy, withdrawn, reindex }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "ACT", description = "yank, quarantine, release, copy, withdrawn or reindex")
    private Act act;

    @Parameters(index = "1", paramLabel = "U/R", description = "repository, for example acme/storefront")
    private String repository;

    @Parameters(index = "2", arity = "0..1", paramLabel = "D/V", description = "distribution, as debian/bookworm")
    private String distribution;

    @Parameters(index = "3", arity = "0..1", paramLabel = "FILE", description = "name of the package file")
    private String filename;

    @Option(names = "--why", paramLabel = "TEXT", description = "with yank and quarantine: the reason; it is kept")
    private String why;

    @Option(names = "--to", paramLabel = "U/R", description = "with copy: the repository that gets it, too")
    private String destination;

    PackageCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (act == Act.reindex && distribution == null) {
            return reindexed(Api.repository(repository) + "/reindex");
        }
        return switch (act) {
            case yank -> options.done(asked(reason()), filename + " is yanked");
            case quarantine -> options.done(asked(reason()), filename + " is in quarantine");
            case release -> options.done(asked(Json.fields()), filename + " is offered");
            case copy -> options.done(asked(place()), filename + " is in " + destination);
            case withdrawn -> withdrawn(options.api().get(Api.repository(repository) + "/withdrawn"));
            case reindex -> reindexed(one());
        };
    }

    private String one() {
        if (distribution == null || filename == null || !distribution.matches("[^/]+/[^/]+")) {
            throw Stop.usage("which package?", "write for example: cambium package " + act + " " + repository
                    + " debian/bookworm storefront_1.0.0_all.deb");
        }
        String[] names = distribution.split("/");
        return Api.repository(repository) + "/packages/" + Api.segment(names[0]) + "/" + Api.segment(names[1]) + "/"
                + Api.segment(filename) + "/" + act;
    }

    private Reply asked(Json.Fields request) {
        return options.api().post(one(), request);
    }

    private Json.Fields reason() {
        if (why == null || why.isBlank()) {
            throw Stop.usage("a reason is needed", "add: --why TEXT");
        }
        return Json.fields().with("why", why);
    }

    private Json.Fields place() {
        if (destination == null || !destination.matches("[^/]+/[^/]+")) {
            throw Stop.usage("where to?", "add: --to acme/storefront");
        }
        return Json.fields().with("destination", destination);
    }

    private int withdrawn(Reply reply) {
        if (options.json()) {
            return options.done(reply, "");
        }
        var table = new Table("package", "distribution", "state", "since", "by", "why");
        for (Json each : reply.json().items("withdrawn")) {
            table.row(each.text("filename"), each.text("distribution"), each.text("state"),
                    Times.full(each.text("since")), each.text("by"), Refusals.oneLine(each.text("why")));
        }
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }

    private int reindexed(String path) {
        Reply reply = options.api().post(path, Json.fields());
        return options.done(reply, "packages to index again: " + reply.json().text("queued"));
    }
}
