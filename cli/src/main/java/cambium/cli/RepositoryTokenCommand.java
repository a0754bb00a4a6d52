package cambium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "repository-token", description = {"The tokens that machines read a private repository with.",
    "list    every master token with its read tokens",
    "add     a MASTER token; with READ a read token below it, for one machine",
    "remove  the READ token; without one the MASTER token and all below it",
    "The master token named default cannot go: it gets another value."})
final class RepositoryTokenCommand implements Callable<Integer> {
    private enum Act { list, add, remove }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "ACT", description = "list, add or remove")
    private Act act;

    @Parameters(index = "1", paramLabel = "U/R", description = "repository, for example acme/storefront")
    private String repository;

    @Parameters(index = "2", arity = "0..1", paramLabel = "MASTER", description = "name of a master token")
    private String master;

    @Parameters(index = "3", arity = "0..1", paramLabel = "READ", description = "name of a read token below it")
    private String read;

    RepositoryTokenCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (act != Act.list && master == null) {
            throw Stop.usage("which token?", "add its name: cambium repository-token " + act + " " + repository
                    + " MASTER [READ]");
        }
        String path = "/api/v1/repos/" + Api.escaped(repository) + "/master_tokens";
        Api api = options.api();
        return switch (act) {
            case list -> list(api.get(path));
            case add -> read == null
                    ? made(api.post(path, wish("master_token", master)), "master token " + master)
                    : made(api.post(self(masterToken(api, path)) + "/read_tokens", wish("read_token", read)),
                            "read token " + read + " below " + master);
            case remove -> removed(api, masterToken(api, path));
        };
    }

    private static Json wish(String kind, String name) {
        return Json.fields().with(kind, Json.fields().with("name", name));
    }

    private int made(Reply reply, String what) {
        return options.done(reply, what + ":\n  " + reply.json().text("value"));
    }

    private Json masterToken(Api api, String path) {
        return one(api.get(path).json() instanceof Json.Items(var tokens) ? tokens : List.of(), master,
                "master token");
    }

    private Json one(List<Json> tokens, String name, String what) {
        return tokens.stream().filter(token -> token.text("name").equals(name)).findFirst()
                .orElseThrow(() -> Stop.refused(repository + " has no " + what + " named " + name,
                        "see what there is with: cambium repository-token list " + repository));
    }

    private static String self(Json token) {
        return token.at("paths").text("self").replaceFirst("\\.json$", "");
    }

    private int removed(Api api, Json token) {
        if (read == null) {
            return options.done(api.delete(self(token)), master.equals("default")
                    ? "master token default has another value now" : "master token " + master + " is gone");
        }
        String id = one(token.items("read_tokens"), read, "read token below " + master).text("id");
        return options.done(api.delete(self(token) + "/read_tokens/" + Api.segment(id)),
                "read token " + read + " below " + master + " is gone");
    }

    private int list(Reply reply) {
        if (options.json()) {
            return options.done(reply, "");
        }
        var table = new Table("master token", "read token", "value");
        for (Json each : reply.json() instanceof Json.Items(var tokens) ? tokens : List.<Json>of()) {
            table.row(each.text("name"), "", each.text("value"));
            each.items("read_tokens").forEach(below ->
                    table.row("", below.text("name"), below.text("value")));
        }
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }
}
