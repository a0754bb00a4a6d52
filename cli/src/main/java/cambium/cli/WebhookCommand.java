package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "webhook", description = {"Have the events of a repository posted to an address.",
    "list    every webhook, and how its last delivery went",
    "add     a URL; the secret that signs what is posted is shown once",
    "remove  one by its number"})
final class WebhookCommand implements Callable<Integer> {
    private enum Act { list, add, remove }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "ACT", description = "list, add or remove")
    private Act act;

    @Parameters(index = "1", paramLabel = "U/R", description = "repository, for example acme/storefront")
    private String repository;

    @Parameters(index = "2", arity = "0..1", paramLabel = "URL|N",
            description = "with add: where to post to; with remove: the number in the list")
    private String which;

    WebhookCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String path = Api.repository(repository) + "/webhooks";
        return switch (act) {
            case list -> list(options.api().get(path));
            case add -> {
                Reply reply = options.api().post(path, Json.fields().with("url", named("its URL")));
                yield options.done(reply, "webhook " + reply.json().text("id") + "; its secret, shown this once:\n  "
                        + reply.json().text("secret"));
            }
            case remove -> options.done(options.api().delete(path + "/" + Api.segment(named("its number"))),
                    "webhook " + which + " is gone");
        };
    }

    private String named(String what) {
        if (which == null) {
            throw Stop.usage("which webhook?", "add " + what + "; see cambium webhook list " + repository);
        }
        return which;
    }

    private int list(Reply reply) {
        if (options.json()) {
            return options.done(reply, "");
        }
        var table = new Table("webhook", "posts to", "by", "last delivery", "result", "failed tries");
        for (Json each : reply.json().items("webhooks")) {
            table.row(each.text("id"), each.text("url"), each.text("created_by"), Times.full(each.text("last_at")),
                    each.text("last_result"), each.text("failed_tries"));
        }
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }
}
