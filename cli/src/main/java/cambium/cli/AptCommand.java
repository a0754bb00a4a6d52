package cambium.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "apt", description = {"See and say what a repository offers to apt beside packages.",
    "show  what it offers now",
    "set   change it; what is not named stays"})
final class AptCommand implements Callable<Integer> {
    private enum Act { show, set }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "ACT", description = "show or set")
    private Act act;

    @Parameters(index = "1", paramLabel = "U/R", description = "repository, for example acme/storefront")
    private String repository;

    @Option(names = "--contents", negatable = true, description = "which files are in which package, for apt-file")
    private Boolean contents;

    @Option(names = "--translations", negatable = true, description = "long descriptions in an index of their own")
    private Boolean translations;

    @Option(names = "--valid-for", paramLabel = "TIME", description = "how long apt trusts an index that it fetched "
            + "(Valid-Until), such as 14d; 0: for ever; default: as the server says")
    private String validFor;

    AptCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String path = "/api/v1/repos/" + Api.escaped(repository) + "/apt";
        return told(switch (act) {
            case show -> options.api().get(path);
            case set -> options.api().put(path, Api.Body.of(wanted()));
        });
    }

    private Json wanted() {
        Json.Fields wanted = Json.fields();
        if (contents != null) {
            wanted = wanted.with("contents", contents.toString());
        }
        if (translations != null) {
            wanted = wanted.with("translations", translations.toString());
        }
        if (validFor != null) {
            wanted = wanted.with("valid_for_seconds", seconds());
        }
        if (wanted.equals(Json.fields())) {
            throw Stop.usage("nothing is to change", "add --contents, --translations or --valid-for TIME");
        }
        return wanted;
    }

    private String seconds() {
        return validFor.equals("default") || validFor.equals("0") ? validFor
                : Long.toString(Times.length(validFor).map(Duration::toSeconds).orElseThrow(() -> Stop.usage(
                        "'" + validFor + "' is not a length of time", "write 14d, 12h, 0 or default")));
    }

    private int told(Reply reply) {
        if (options.json()) {
            return options.done(reply, "");
        }
        Json offer = reply.json();
        String life = offer.text("valid_for_seconds");
        var table = new Table("what", "offered");
        table.row("Contents, for apt-file", offer.text("contents").equals("true") ? "yes" : "no");
        table.row("translations", offer.text("translations").equals("true") ? "yes" : "no");
        table.row("an index is valid for", (life.equals("0") ? "ever" : life + " seconds") + ", says the "
                + offer.text("valid_for_said_by"));
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }
}
