package cambium.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "brake", description = {"Stop forward starts, or let them go on; without on or off, list the brakes.",
    "What already runs finishes, and rollback stays possible."})
final class BrakeCommand implements Callable<Integer> {
    private enum Act { list, on, off }

    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(arity = "0..1", paramLabel = "on|off", defaultValue = "list", hideParamSyntax = true,
            showDefaultValue = Visibility.NEVER,
            description = "pull or release; neither lists")
    private Act act;

    @ArgGroup
    private final Scope scope = new Scope();

    @Option(names = "--why", paramLabel = "TEXT", description = "why; required with on and off, kept in the history")
    private String why;

    @Option(names = "--until", paramLabel = "TIME",
            description = "asks somebody then, and still holds: 30m, 2h, 14:30 (UTC) or 2026-11-21T14:30:00Z")
    private String until;

    @Option(names = "--cancel", description = "also end the deployments that run there, where their driver can")
    private boolean cancel;

    @Option(names = "--data", paramLabel = "DIR", description = {"without asking a server: by the file 'brake' in a"
            + " server's data folder.", "It stops the whole fleet within a second, also while the database is down"})
    private Path data;

    BrakeCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (act != Act.list && (why == null || why.isBlank())) {
            throw Stop.usage("a brake needs a reason", "add: --why TEXT");
        }
        if (data != null && dryRun.asked()) {
            throw Stop.usage("the brake file asks no server what would come of it", "leave out: --dry-run");
        }
        if (data != null) {
            return byFile();
        }
        return switch (act) {
            case list -> list();
            case on -> on();
            case off -> off();
        };
    }

    private int byFile() {
        if (!scope.words().equals("fleet")) {
            throw Stop.usage("the brake file stops the whole fleet", "leave out the scope, or --data");
        }
        var file = new BrakeFile(data);
        String told = switch (act) {
            case list -> file.reason().map(reason -> "the brake file is there: " + reason)
                    .orElse("there is no brake file in " + data);
            case on -> {
                file.write(why);
                yield "the brake file is written: nothing starts forward where a server works on " + data;
            }
            case off -> file.remove()
                    ? "the brake file is gone; the brake that it pulled stays until: cambium brake off --why TEXT"
                    : "there is no brake file in " + data;
        };
        var there = new Json.Flag(file.reason().isPresent());
        options.print(options.json() ? Json.fields().with("brake_file", there).with("text", told).write() : told);
        return Stop.Exit.DONE.code;
    }

    private int list() {
        Json fleet = options.api().get("/api/fleet").json();
        if (options.json()) {
            options.print(fleet.at("brakes").write());
            return Stop.Exit.DONE.code;
        }
        var page = new StatusPage(fleet, options.ink());
        if (fleet.items("brakes").isEmpty()) {
            options.print("no brake is on");
        } else {
            options.print(page.brakes());
        }
        page.drill().ifPresent(options::print);
        return Stop.Exit.DONE.code;
    }

    private int on() {
        Json.Fields request = Json.fields().with("scope", scope.words()).with("why", why);
        if (until != null) {
            Instant end = Times.until(until, options.surroundings().clock().instant()).orElseThrow(() -> Stop.usage(
                    "'" + until + "' is not a time", "write 30m, 2h, 14:30 (UTC) or 2026-11-21T14:30:00Z"));
            request = request.with("until", end.toString());
        }
        if (cancel) {
            request = request.with("cancel", new Json.Flag(true));
        }
        Reply reply = options.api().post(dryRun.of("/api/fleet/brakes"), request);
        return options.commanded(reply, "brake on " + scope.words() + ": nothing new starts there");
    }

    private int off() {
        String query = "?scope=" + Api.segment(scope.words()) + "&why=" + Api.segment(why);
        Reply reply = options.api().delete(dryRun.of("/api/fleet/brakes" + query));
        return options.commanded(reply, "brake off " + scope.words());
    }

    /// At most one of these; none means the whole fleet.
    private static final class Scope {
        @Option(names = "--fleet", description = "everything (the default)")
        private boolean fleet;

        @Option(names = "--ring", paramLabel = "N", description = "one ring")
        private Integer ring;

        @Option(names = "--cell", paramLabel = "C", description = "one cell")
        private String cell;

        @Option(names = "--version", paramLabel = "V", description = "one product version")
        private String version;

        String words() {
            if (ring != null) {
                return "ring " + ring;
            }
            if (cell != null) {
                return "cell " + cell;
            }
            return version != null ? "version " + version : "fleet";
        }
    }
}
