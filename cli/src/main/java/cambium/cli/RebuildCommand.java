package cambium.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rebuild", description = {"Make every index of a repository again from its log of admissions.",
    "Clients go on reading the former ones until the new ones are signed. Tells which indexes had been served with",
    "other bytes than the log makes, and ends badly then."})
final class RebuildCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    @Mixin
    private final ServerOptions options;

    @Parameters(index = "0", paramLabel = "U/R", description = "repository, for example acme/storefront")
    private String repository;

    @Option(names = "--wait", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "wait until all is made (default)")
    private boolean wait;

    RebuildCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        String path = Api.repository(repository) + "/rebuild";
        Api api = options.api();
        Reply reply = api.post(path, Json.fields());
        while (wait && channels(reply).stream().anyMatch(RebuildCommand::isUnderWay)) {
            options.pause(BETWEEN_LOOKS);
            reply = api.get(path);
        }
        return told(reply);
    }

    private static List<Json> channels(Reply reply) {
        return reply.json().items("channels");
    }

    private static boolean isUnderWay(Json channel) {
        return channel.text("done_at").isEmpty();
    }

    private int told(Reply reply) {
        if (options.json()) {
            options.done(reply, "");
        } else {
            var table = new Table("suite", "ring", "generation", "indexes", "outcome");
            channels(reply).forEach(each -> table.row(each.text("suite"), each.text("ring"), each.text("generation"),
                    each.text("views"), outcome(each)));
            options.print(table.lines(options.ink()));
        }
        boolean good = channels(reply).stream()
                .allMatch(each -> each.text("failure").isEmpty() && each.items("differing").isEmpty());
        return good ? Stop.Exit.DONE.code : Stop.Exit.REFUSED.code;
    }

    private static String outcome(Json channel) {
        if (isUnderWay(channel)) {
            return "under way";
        }
        List<String> differing = channel.items("differing").stream().map(Json::words).toList();
        if (!channel.text("failure").isEmpty()) {
            return "failed: " + channel.text("failure") + "; nothing was changed";
        }
        return differing.isEmpty() ? "the same bytes" : "mended: " + String.join(", ", differing);
    }
}
