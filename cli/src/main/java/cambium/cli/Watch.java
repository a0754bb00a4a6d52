package cambium.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Follows the fleet by looking once a second: nothing is lost with a broken connection, and a proxy that
/// buffers does no harm. On a terminal the page is redrawn in place; elsewhere one line tells each change;
/// with `--json` one line holds each new state.
final class Watch {
    static final Duration INTERVAL = Duration.ofSeconds(1);
    /// A restarting server is waited for; one that stays away ends the watch.
    static final int MAX_FAILURES_IN_A_ROW = 30;

    private final ServerOptions options;
    private final Api api;
    private Map<String, String> told = new LinkedHashMap<>();
    private String revision = "";

    Watch(ServerOptions options, Api api) {
        this.options = options;
        this.api = api;
    }

    /// Shows every change until `end` gives an exit code.
    int until(Function<Json, Optional<Stop.Exit>> end) {
        while (true) {
            Reply reply = look();
            Json fleet = reply.json();
            show(reply, fleet);
            Optional<Stop.Exit> exit = end.apply(fleet);
            if (exit.isPresent()) {
                return exit.get().code;
            }
            options.pause(INTERVAL);
        }
    }

    private Reply look() {
        for (int failures = 1;; failures++) {
            try {
                return api.get("/api/fleet");
            } catch (Stop stop) {
                boolean away = stop.exit() == Stop.Exit.UNREACHABLE
                        || stop.reply().map(Reply::status).filter(status -> status == 503).isPresent();
                if (!away || failures == MAX_FAILURES_IN_A_ROW) {
                    throw stop;
                }
            }
            options.pause(INTERVAL);
        }
    }

    private void show(Reply reply, Json fleet) {
        boolean changed = !fleet.text("revision").equals(revision);
        revision = fleet.text("revision");
        if (options.json()) {
            if (changed) {
                options.print(fleet.write());
            }
        } else if (options.surroundings().terminal()) {
            redraw(new StatusPage(fleet, options.ink()).lines());
        } else {
            tell(fleet);
        }
    }

    /// Writes over what was there and clears only what is left of each line and below: nothing flickers.
    private void redraw(List<String> lines) {
        var screen = new StringBuilder("\u001b[H");
        lines.forEach(line -> screen.append(line).append("\u001b[K\n"));
        options.surroundings().out().print(screen.append("\u001b[J"));
        options.surroundings().out().flush();
    }

    private void tell(Json fleet) {
        Map<String, String> now = facts(fleet);
        now.forEach((subject, fact) -> {
            if (!fact.equals(told.get(subject))) {
                options.print(Times.clock(fleet.text("at")) + "  " + subject + "  " + fact);
            }
        });
        told.keySet().stream().filter(subject -> !now.containsKey(subject)).forEach(
                gone -> options.print(Times.clock(fleet.text("at")) + "  " + gone + "  gone"));
        told = now;
    }

    private static Map<String, String> facts(Json fleet) {
        var facts = new LinkedHashMap<String, String>();
        for (Json brake : fleet.items("brakes")) {
            facts.put("brake on " + brake.text("scope"), "by " + brake.text("by") + ": " + brake.text("why"));
        }
        for (Json version : fleet.items("versions")) {
            facts.put("version " + version.text("version"), fact(version, "state"));
        }
        for (Json ring : fleet.items("rings")) {
            facts.put("ring " + ring.text("ring"), fact(ring, "state", "target"));
        }
        for (Json cell : fleet.items("cells")) {
            facts.put("cell " + cell.text("cell"), fact(cell, "state", "version"));
        }
        return facts;
    }

    private static String fact(Json subject, String... names) {
        var words = new ArrayList<String>();
        for (String name : names) {
            subject.find(name).ifPresent(words::add);
        }
        String wait = subject.at("wait").find("text").map(text -> "  (" + text + ")").orElse("");
        return String.join(" ", words) + wait;
    }
}
