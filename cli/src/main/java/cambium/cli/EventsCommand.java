package cambium.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "events", description = "Print what happened: who did what, and what the fleet did by itself.")
final class EventsCommand implements Callable<Integer> {
    private static final int MAX_A_PAGE = 500;

    @Mixin
    private final ServerOptions options;

    @Option(names = "--after", paramLabel = "N", defaultValue = "0", description = "only events after this number")
    private long after;

    @Option(names = {"-f", "--follow"}, description = "keep printing new ones, until Ctrl-C")
    private boolean follow;

    EventsCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        long last = after;
        while (true) {
            Reply reply = api.get("/api/fleet/events?after=" + last + "&limit=" + MAX_A_PAGE);
            List<Json> events = events(reply.json());
            for (Json event : events) {
                options.print(options.json() ? event.write() : line(event));
                last = Math.max(last, Long.parseLong(event.find("number").orElse("0")));
            }
            if (!follow && events.size() < MAX_A_PAGE) {
                return Stop.Exit.DONE.code;
            }
            if (events.size() < MAX_A_PAGE) {
                options.pause(Watch.INTERVAL);
            }
        }
    }

    private static List<Json> events(Json answer) {
        return answer instanceof Json.Items(var events) ? events : answer.items("events");
    }

    private String line(Json event) {
        String who = event.find("actor").map(actor -> "  by " + actor).orElse("");
        return options.ink().faint(Times.full(event.text("at"))) + "  " + event.text("number") + "  "
                + event.text("type") + "  " + event.text("text") + who;
    }
}
