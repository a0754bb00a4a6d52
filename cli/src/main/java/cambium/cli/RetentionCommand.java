package cambium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "retention", description = {"See and say how many versions of a package a repository keeps.",
    "show  the rule, and what would leave by it now",
    "set   keep the newest of each name, architecture and suite; with --dry-run only tell what would leave",
    "end   keep everything",
    "What a ring offers stays in any case."})
final class RetentionCommand implements Callable<Integer> {
    private enum Act { show, set, end }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "ACT", description = "show, set or end")
    private Act act;

    @Parameters(index = "1", paramLabel = "U/R", description = "repository, for example acme/storefront")
    private String repository;

    @Option(names = "--versions", paramLabel = "N", description = "with set: how many versions stay")
    private Integer versions;

    @Option(names = "--days", paramLabel = "N", defaultValue = "0",
            description = "with set: what is younger stays, too (default 0)")
    private int days;

    @Option(names = "--dry-run", description = "with set: only tell what would leave")
    private boolean dryRun;

    RetentionCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String path = Api.repository(repository) + "/retention";
        return switch (act) {
            case show -> told(options.api().get(path));
            case set -> told(options.api().put(path + (dryRun ? "?dry-run=true" : ""), Api.Body.of(rule())));
            case end -> options.done(options.api().delete(path), repository + " keeps every version");
        };
    }

    private Json rule() {
        if (versions == null) {
            throw Stop.usage("how many versions are to stay?", "add for example: --versions 5");
        }
        return Json.fields().with("keep_versions", Integer.toString(versions)).with("keep_days",
                Integer.toString(days));
    }

    private int told(Reply reply) {
        Json rule = reply.json();
        if (options.json() || rule.find("keep_versions").isEmpty()) {
            return options.done(reply, repository + " keeps every version");
        }
        List<Json> leaving = rule.items("leaving");
        options.print("the newest " + rule.text("keep_versions") + " versions stay, and what is younger than "
                + rule.text("keep_days") + " days; " + (leaving.isEmpty() ? "nothing" : leaving.size() + " packages")
                + (dryRun ? " would leave" : act == Act.set ? " leave within half an hour" : " to leave now"));
        leaving.forEach(one -> options.print("  " + one.text("distribution") + "  " + one.text("filename")));
        return Stop.Exit.DONE.code;
    }
}
