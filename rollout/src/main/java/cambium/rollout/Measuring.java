package cambium.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where a fleet's figures come from, and which of them decide. Without a Prometheus server each cell's own `metrics`
/// address is read, and the queries are not used.
///
/// @param server address of a Prometheus server, such as `http://prometheus:9090`
/// @param label the label by which every series names its cell
/// @param staleAfter readings older than this say nothing about now; longer than the server's scrape interval
/// @param queries what is asked, each answered with one series a cell
/// @param own further signals
/// @param shadow signals that are shown and do not decide
public record Measuring(Optional<String> server, String label, Duration staleAfter, Queries queries, List<Own> own,
        List<String> shadow) {
    public static final List<String> DECIDING = List.of("errors", "latency", "saturation");
    static final int MAX_OWN = 8;
    static final int MAX_QUERY_CHARACTERS = 1_000;
    private static final Duration MAX_STALE_AFTER = Duration.ofMinutes(5);
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,63}");
    private static final Pattern SIGNAL = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    public static final Measuring DEFAULT = new Measuring(Optional.empty(), "cell", Duration.ofMinutes(1),
            Queries.DEFAULT, List.of(), List.of());

    /// PromQL, in which `$label` stands for the label that names the cell. Requests and errors are counters, latency is
    /// a histogram by `le`, saturation a share from 0 to 1, and `scraped` the time of each cell's newest reading.
    public record Queries(String scraped, String requests, String errors, String latency, String saturation) {
        public static final Queries DEFAULT = new Queries("max by ($label) (timestamp(http_requests_total))",
                "sum by ($label) (http_requests_total)", "sum by ($label) (http_requests_total{code=~\"5..\"} or "
                + "http_requests_total{code=\"\",status=~\"5..\"})",
                "sum by ($label, le) (http_request_duration_seconds_bucket)",
                "max by ($label) (process_open_fds / process_max_fds)");

        public Queries {
            check("scraped", scraped);
            check("requests", requests);
            check("errors", errors);
            check("latency", latency);
            check("saturation", saturation);
        }

        /// Stands here and not outside: these queries must be ready before what uses them as its own default.
        private static void check(String name, String query) {
            Grammar.text(name, query);
            Grammar.range(name + " query: its characters", query.length(), 1, MAX_QUERY_CHARACTERS);
        }
    }

    /// Two counters: what went wrong, of how many. Judged like errors.
    public record Own(String signal, String bad, String all) {
        public Own {
            Grammar.match(SIGNAL, "signal", signal);
            if (DECIDING.contains(signal) || signal.equals("traffic")) {
                throw new IllegalArgumentException("signal '" + signal + "' is there already");
            }
            Queries.check("bad", bad);
            Queries.check("all", all);
        }
    }

    public Measuring {
        Grammar.match(LABEL, "label", label);
        if (staleAfter.isNegative() || staleAfter.isZero() || staleAfter.compareTo(MAX_STALE_AFTER) > 0) {
            throw new IllegalArgumentException("stale-after is " + staleAfter + ", must be above 0 and at most "
                    + MAX_STALE_AFTER);
        }
        own = List.copyOf(own);
        shadow = List.copyOf(shadow);
        Grammar.range("own signals: their number", own.size(), 0, MAX_OWN);
        if (server.isEmpty() && !own.isEmpty()) {
            throw new IllegalArgumentException("own signals are asked of a Prometheus server: prometheus names none");
        }
        var names = names(own);
        if (new TreeSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("own has two signals of one name");
        }
        shadow.stream().filter(each -> !names.contains(each)).findFirst().ifPresent(unknown -> {
            throw new IllegalArgumentException("shadow names '" + unknown + "', which is not one of " + names);
        });
    }

    /// All signals that decide, or would if they were no shadows.
    public List<String> signals() {
        return names(own);
    }

    private static List<String> names(List<Own> own) {
        return Stream.concat(DECIDING.stream(), own.stream().map(Own::signal)).toList();
    }

    /// What one of these signals is worked out from: two declarations that ask alike mean the same by it. Which server
    /// answers does not matter.
    List<String> asks(String signal) {
        if (server.isEmpty()) {
            return DECIDING.contains(signal) ? List.of("metrics") : List.of();
        }
        return switch (signal) {
            case "errors" -> List.of(asked(queries.requests()), asked(queries.errors()));
            case "latency" -> List.of(asked(queries.latency()));
            case "saturation" -> List.of(asked(queries.saturation()));
            default -> own.stream().filter(each -> each.signal().equals(signal)).findFirst()
                    .map(each -> List.of(asked(each.bad()), asked(each.all()))).orElse(List.of());
        };
    }

    /// What is sent to the server for a query as it is declared. A label's grammar leaves nothing to be quoted.
    public String asked(String query) {
        return query.replace("$label", label);
    }
}
