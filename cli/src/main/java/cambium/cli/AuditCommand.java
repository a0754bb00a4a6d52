package cambium.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "audit", description = {
    "Check that nobody changed the log of the fleet: every event's hash is counted again here, from the first on.",
    "Keep the head that it prints where this server's administrators cannot write, and pass it next time as --head:",
    "only so is an end that was cut off noticed."})
final class AuditCommand implements Callable<Integer> {
    private static final int MAX_A_PAGE = 500;
    private static final String FIRST_HASH = "0".repeat(64);

    @Mixin
    private final ServerOptions options;

    @Option(names = "--head", paramLabel = "N:HASH", description = "what an earlier audit printed as the head")
    private String known;

    @Option(names = "--accept", paramLabel = "N",
            description = "let count what stands in event N, which the fleet stands still for; needs --why")
    private Long accepted;

    @Option(names = "--why", paramLabel = "TEXT", description = "why it may count; kept in the log")
    private String why;

    private long number;
    private String hash = FIRST_HASH;
    private String first = "";
    private String last = "";
    private long denied;
    private Optional<Json> lastDenied = Optional.empty();

    AuditCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (known != null && !known.matches("[0-9]{1,18}:[0-9a-f]{64}")) {
            throw Stop.usage("'" + known + "' is no head of a log", "write what an audit printed, as 1204:9f86d0…");
        }
        Api api = options.api();
        if (accepted != null) {
            return accept(api);
        }
        var progress = new Progress(options, "events checked");
        int limit = MAX_A_PAGE;
        while (true) {
            Reply page = api.exchange("GET", "/api/fleet/events?after=" + number + "&limit=" + limit, Optional.empty());
            if (page.status() == 500 && limit > 1) {
                // The server believes no changed event either; which one it is shows when they are asked for singly.
                limit = 1;
                continue;
            }
            if (page.status() == 500) {
                progress.clear();
                throw broken(number + 1, "the server cannot read it, or does not believe it; its log says which");
            }
            if (!page.ok()) {
                throw Refusals.of(page);
            }
            var events = page.json().items("events");
            if (events.isEmpty()) {
                progress.clear();
                return told();
            }
            events.forEach(this::check);
            progress.showCount((int) number, (int) Long.parseLong(page.json().find("revision").orElse("0")));
        }
    }

    private int accept(Api api) {
        if (why == null || why.isBlank()) {
            throw Stop.usage("a reason is needed", "add: --why TEXT");
        }
        return options.commanded(api.post("/api/fleet/log/accept", Json.fields().with("event",
                Long.toString(accepted)).with("why", why)), "event " + accepted + " counts as it stands");
    }

    private void check(Json event) {
        if (!(event instanceof Json.Fields(var fields)) || !event.text("number").equals(Long.toString(number + 1))) {
            throw broken(number + 1, "it is missing: event " + event.text("number") + " comes instead");
        }
        var stored = new LinkedHashMap<>(fields);
        stored.remove("number");
        stored.remove("hash");
        hash = sha256(hash + new Json.Fields(stored).write());
        number++;
        first = first.isEmpty() ? event.text("at") : first;
        last = event.text("at");
        if (event.text("is").equals("TryDenied")) {
            denied += Long.parseLong(event.text("times"));
            lastDenied = Optional.of(event);
        }
        if (!hash.equals(event.text("hash"))) {
            throw broken(number, "its text or one before it was changed: its hash should be " + hash);
        }
        if (known != null && known.startsWith(number + ":") && !known.equals(head())) {
            throw broken(number, "the log is not the one of that head: it has " + head());
        }
    }

    private static Stop broken(long number, String how) {
        return Stop.refused("the log of the fleet is broken at event " + number + ": " + how,
                "keep the database as it is, restore a backup beside it and compare: docs/OPERATIONS.md, 'A changed "
                + "log'");
    }

    private String head() {
        return number + ":" + hash;
    }

    private int told() {
        long expected = known == null ? 0 : Long.parseLong(known.substring(0, known.indexOf(':')));
        if (number < expected) {
            throw broken(number + 1, "it is missing; the log had " + expected + " events when that head was told");
        }
        if (options.json()) {
            options.print(Json.fields().with("intact", new Json.Flag(true))
                    .with("events", new Json.Number(Long.toString(number))).with("head", head())
                    .with("first_at", first).with("last_at", last)
                    .with("denied_tries", new Json.Number(Long.toString(denied))).write());
        } else {
            options.print(number == 0 ? "The log is empty." : number + " events from " + Times.full(first) + " to "
                    + Times.full(last) + " are as they were written" + (known == null ? ""
                    : ", and go on from the head that you passed") + "." + deniedTold() + "\nhead " + head());
        }
        return Stop.Exit.DONE.code;
    }

    private String deniedTold() {
        return lastDenied.map(event -> "\n" + denied + (denied == 1 ? " try was" : " tries were")
                + " denied, the last at " + Times.full(event.text("at")) + " to " + Refusals.oneLine(event.text("by"))
                + ": see cambium events --kind TryDenied").orElse("");
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
