package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "distributions", description = {"List, add and remove distributions beside packagecloud's own.",
    "As in: cambium distributions add debian/duke --type deb --number 15"})
final class DistributionsCommand implements Callable<Integer> {
    private enum Act { list, add, remove }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", arity = "0..1", paramLabel = "list|add|remove", defaultValue = "list",
            hideParamSyntax = true, showDefaultValue = Visibility.NEVER, description = "what to do; list by default")
    private Act act;

    @Parameters(index = "1", arity = "0..1", paramLabel = "DISTRIBUTION/VERSION|ID",
            description = "what to add, as in addresses; or the id of what to remove")
    private String subject;

    @Option(names = "--type", paramLabel = "deb|rpm", description = "the packages it takes; needed by add")
    private String type;

    @Option(names = "--number", paramLabel = "N", description = "the version's number, as 15 or 15.4")
    private String number;

    @Option(names = "--name", paramLabel = "TEXT", description = "how people call the version")
    private String name;

    @Option(names = "--distribution-name", paramLabel = "TEXT", description = "how people call a new distribution")
    private String distributionName;

    DistributionsCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        return switch (act) {
            case list -> list();
            case add -> add();
            case remove -> {
                if (subject == null) {
                    throw Stop.usage("an id is needed", "cambium distributions lists those that were added");
                }
                yield options.done(options.api().delete("/api/distributions/" + Api.segment(subject)),
                        "distribution " + subject + " is gone");
            }
        };
    }

    private int list() {
        Reply reply = options.api().get("/api/distributions");
        if (options.json()) {
            return options.done(reply, "");
        }
        if (reply.json().items("distributions").isEmpty()) {
            options.print("none were added; packagecloud's own are always there");
            return Stop.Exit.DONE.code;
        }
        var table = new Table("id", "type", "distribution", "name");
        for (Json one : reply.json().items("distributions")) {
            table.row(one.text("id"), one.text("type"), one.text("distribution") + "/" + one.text("version"),
                    one.text("distribution_name") + " " + one.text("version_name"));
        }
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }

    private int add() {
        String[] parts = subject == null ? new String[0] : subject.split("/", -1);
        if (parts.length != 2 || type == null) {
            throw Stop.usage("a distribution, its version and a type are needed",
                    "write: cambium distributions add debian/duke --type deb");
        }
        Json.Fields request = Json.fields().with("type", type).with("distribution", parts[0]).with("version", parts[1]);
        request = with(request, "version_number", number);
        request = with(request, "version_name", name);
        request = with(request, "distribution_name", distributionName);
        Reply reply = options.api().post("/api/distributions", request);
        return options.done(reply, subject + " is there, with the id " + reply.json().text("id"));
    }

    private static Json.Fields with(Json.Fields request, String field, String value) {
        return value == null ? request : request.with(field, value);
    }
}
