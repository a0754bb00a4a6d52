package cambium.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "cell", description = {"Let one cell stand aside from its ring, or take its place again.",
    "defer: maintenance; the ring goes on without it until the time given, then it catches up.",
    "leave: nothing starts on it any more, so that it can be taken out of the fleet.",
    "quarantine: it stands in ring -1 until it is resumed.",
    "resume: on duty again; it catches up with its ring.",
    "token: a token with which a pull cell reports, in place of the one it had; printed alone, this once."})
final class CellCommand implements Callable<Integer> {
    private enum Act { defer, leave, quarantine, resume, token }

    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(index = "0", paramLabel = "defer|leave|quarantine|resume|token",
            hideParamSyntax = true,
            description = "what the cell shall do")
    private Act act;

    @Parameters(index = "1", paramLabel = "CELL", description = "the cell")
    private String cell;

    @Option(names = "--why", paramLabel = "TEXT", description = "why; kept in the history (not for token)")
    private String why;

    @Option(names = "--until", paramLabel = "TIME",
            description = "end of a deferral: 30m, 2h, 14:30 (UTC) or 2026-11-21T14:30:00Z")
    private String until;

    @Option(names = "--abandon", description = "leave: give up what runs on the cell")
    private boolean abandon;

    @Option(names = "--take-back", description = "token: the cell has none any more")
    private boolean takeBack;

    CellCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (takeBack && act != Act.token) {
            throw Stop.usage("only a token is taken back", "leave out: --take-back");
        }
        if (act == Act.token && dryRun.asked()) {
            throw Stop.usage("a token is made or not", "leave out: --dry-run");
        }
        if (act == Act.token) {
            return token();
        }
        if (why == null || why.isBlank()) {
            throw Stop.usage("a reason is needed", "add: --why TEXT");
        }
        if ((act == Act.defer) != (until != null)) {
            throw Stop.usage(until == null ? "a deferral needs an end" : "only a deferral has an end",
                    until == null ? "add: --until TIME" : "leave out: --until");
        }
        if (abandon && act != Act.leave) {
            throw Stop.usage("only what runs on a leaving cell is abandoned", "leave out: --abandon");
        }
        Json.Fields request = Json.fields().with("why", why);
        if (until != null) {
            Instant end = Times.until(until, options.surroundings().clock().instant()).orElseThrow(() -> Stop.usage(
                    "'" + until + "' is not a time", "write 30m, 2h, 14:30 (UTC) or 2026-11-21T14:30:00Z"));
            request = request.with("until", end.toString());
        }
        if (abandon) {
            request = request.with("abandon", new Json.Flag(true));
        }
        Reply reply = options.api().post(dryRun.of("/api/fleet/cells/" + Api.segment(cell) + "/" + act), request);
        return options.commanded(reply, cell + ": " + switch (act) {
            case defer -> "deferred until " + until;
            case leave -> "leaving; take it out of the fleet file and apply that";
            case quarantine -> "in quarantine";
            case resume -> "on duty";
            case token -> throw new IllegalStateException("a token is no duty");
        });
    }

    private int token() {
        String path = "/api/fleet/cells/" + Api.segment(cell) + "/token";
        if (takeBack) {
            return options.done(options.api().delete(path), "cell " + cell + " has no token any more");
        }
        Reply reply = options.api().post(path, Json.fields());
        return options.done(reply, reply.json().text("token"));
    }
}
