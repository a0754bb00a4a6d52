package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rollback",
        description = "Bring a cell, a ring or every cell of a version back to its last known good version.")
final class RollbackCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(paramLabel = "SUBJECT", description = "a cell, a ring (ring-2) or a product version")
    private String subject;

    @Option(names = "--why", required = true, paramLabel = "TEXT", description = "why; kept in the history")
    private String why;

    @Option(names = "--with-downtime", description = "also where post-deployment migrations already ran")
    private boolean withDowntime;

    RollbackCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        Json request = subject(api).with("why", why).with("with_downtime", new Json.Flag(withDowntime));
        Reply reply = api.post(dryRun.of("/api/fleet/rollbacks"), request);
        return options.commanded(reply, "rollback of " + subject
                + " asked for; follow it with: cambium status --watch");
    }

    /// A ring is written ring-N; whether a word is a cell or a version only the fleet can tell.
    private Json.Fields subject(Api api) {
        if (subject.matches("ring-\\d{1,4}")) {
            return Json.fields().with("ring", new Json.Number(subject.substring("ring-".length())));
        }
        boolean cell = api.get("/api/fleet/why/" + Api.segment(subject)).json().text("subject").startsWith("cell ");
        return Json.fields().with(cell ? "cell" : "version", subject);
    }
}
