package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "webhook", description = {"Have the events of a repository, or of the fleet, posted or mailed.",
    "list    every webhook, and how its last delivery went",
    "add     a URL; the secret that signs what is posted is shown once; or mailto:ops@example.org",
    "test    sends one made-up event now; ends as refused where the receiver does not take it",
    "remove  one by its number"})
final class WebhookCommand implements Callable<Integer> {
    private enum Act { list, add, test, remove }

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "ACT", description = "list, add, test or remove")
    private Act act;

    @Parameters(index = "1", paramLabel = "U/R|fleet",
            description = "repository, for example acme/storefront; or the word fleet")
    private String whose;

    @Parameters(index = "2", arity = "0..1", paramLabel = "URL|N",
            description = "with add: where to post to, or mailto: and an address; with test and remove: the"
                    + " number in the list")
    private String which;

    @Option(names = "--kinds", paramLabel = "LIST",
            description = "with add: only these kinds of the fleet's events, such as VersionBlocked,PageRaised; "
                    + "without, all are posted, and mail tells what somebody should know of")
    private String kinds = "";

    WebhookCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        boolean fleet = whose.equals("fleet");
        if (!kinds.isEmpty() && !(fleet && act == Act.add)) {
            throw Stop.usage("--kinds goes with: cambium webhook add fleet URL", "leave it out here");
        }
        String path = (fleet ? "/api/fleet" : Api.repository(whose)) + "/webhooks";
        return switch (act) {
            case list -> list(options.api().get(path));
            case add -> {
                var wish = Json.fields().with("url", named("its URL"));
                Reply reply = options.api().post(path, kinds.isEmpty() ? wish : wish.with("kinds", kinds));
                yield options.done(reply, "webhook " + reply.json().text("id") + reply.json().find("secret")
                        .map(secret -> "; its secret, shown this once:\n  " + secret).orElse(""));
            }
            case test -> test(options.api().post(path + "/" + Api.segment(named("its number")) + "/test",
                    Json.fields()));
            case remove -> options.done(options.api().delete(path + "/" + Api.segment(named("its number"))),
                    "webhook " + which + " is gone");
        };
    }

    private int test(Reply reply) {
        boolean taken = reply.json().text("taken").equals("true");
        options.done(reply, "webhook " + which + (taken ? " took it: " : " did not take it: ")
                + reply.json().text("result"));
        return taken ? Stop.Exit.DONE.code : Stop.Exit.REFUSED.code;
    }

    private String named(String what) {
        if (which == null) {
            throw Stop.usage("which webhook?", "add " + what + "; see cambium webhook list " + whose);
        }
        return which;
    }

    private int list(Reply reply) {
        if (options.json()) {
            return options.done(reply, "");
        }
        var table = new Table("webhook", "told at", "kinds", "by", "last delivery", "result", "failed tries");
        for (Json each : reply.json().items("webhooks")) {
            table.row(each.text("id"), each.text("url"), each.find("kinds").orElse("all"), each.text("created_by"),
                    Times.full(each.text("last_at")), each.text("last_result"), each.text("failed_tries")
                    + (each.text("stopped").equals("true") ? ", stopped" : ""));
        }
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }
}
