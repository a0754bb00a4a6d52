package cambium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "events", description = {
    "Print what happened: who did what, and what the fleet did by itself.",
    "With --repo: who changed what in that repository."})
final class EventsCommand implements Callable<Integer> {
    private static final int MAX_A_PAGE = 500;

    @Mixin
    private final ServerOptions options;

    @Option(names = "--after", paramLabel = "N", defaultValue = "0", description = "only events after this one")
    private long after;

    @Option(names = "--repo", paramLabel = "U/R", description = "events of this repository, as acme/storefront")
    private String repository;

    @Option(names = "--kind", paramLabel = "KIND", description = "only events of this kind, as TryDenied")
    private String kind;

    @Option(names = {"-f", "--follow"}, description = "keep printing new ones, until Ctrl-C")
    private boolean follow;

    EventsCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        String path = repository == null ? "/api/fleet/events" : Api.repository(repository) + "/events";
        long last = after;
        while (true) {
            Reply page = api.get(path + "?after=" + last + "&limit=" + MAX_A_PAGE);
            List<Json> events = page.json().items("events");
            for (Json event : events) {
                last = Math.max(last, Long.parseLong(event.find(repository == null ? "number" : "id").orElse("0")));
                if (kind != null && !kind.equals(event.text(repository == null ? "is" : "kind"))) {
                    continue;
                }
                options.print(options.json() ? event.write() : repository == null
                        ? EventLine.of(event, options.ink()) : EventLine.ofRepository(event, options.ink()));
            }
            if (events.isEmpty() && !follow) {
                return Stop.Exit.DONE.code;
            }
            if (events.isEmpty()) {
                options.pause(Watch.INTERVAL);
            }
        }
    }
}
