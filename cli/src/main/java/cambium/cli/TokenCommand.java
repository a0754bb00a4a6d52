package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "token", description = {"List, add and remove the API tokens of an account.",
    "A token may what its account may; its value is shown once."})
final class TokenCommand implements Callable<Integer> {
    private enum Act { list, add, remove }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", arity = "0..1", paramLabel = "list|add|remove", defaultValue = "list",
            hideParamSyntax = true, showDefaultValue = Visibility.NEVER, description = "what to do; list by default")
    private Act act;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TOKEN", description = "the token's name, as ci")
    private String name;

    @Option(names = "--account", paramLabel = "NAME", description = "whose; your own by default")
    private String account;

    @Option(names = "--days", paramLabel = "N", description = "how long it lasts (default 365)")
    private Integer days;

    TokenCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (act != Act.list && name == null) {
            throw Stop.usage("a token is needed", "add its name: cambium token " + act + " TOKEN");
        }
        Api api = options.api();
        String owner = account == null ? api.get("/api/account").json().text("name") : account;
        String path = "/api/accounts/" + Api.segment(owner) + "/tokens";
        return switch (act) {
            case list -> list(api.get(path));
            case add -> {
                Json.Fields request = Json.fields().with("name", name);
                Reply reply = api.post(path, days == null ? request
                        : request.with("expires_in_days", Integer.toString(days)));
                yield options.done(reply, "token " + name + " of " + owner + ", until "
                        + reply.json().text("expires_at") + "; shown this once:\n  " + reply.json().text("value"));
            }
            case remove -> options.done(api.delete(path + "/" + Api.segment(name)),
                    "token " + name + " of " + owner + " is gone");
        };
    }

    private int list(Reply reply) {
        if (options.json()) {
            return options.done(reply, "");
        }
        var table = new Table("token", "since", "until");
        for (Json token : reply.json().items("tokens")) {
            table.row(token.text("name"), token.text("created_at"), token.text("expires_at"));
        }
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }
}
