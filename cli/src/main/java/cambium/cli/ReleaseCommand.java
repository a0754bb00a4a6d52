package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "release", description = "Lift the block or the veto of a version, so it may start again.")
final class ReleaseCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(paramLabel = "VERSION", description = "the blocked product version")
    private String version;

    @Option(names = "--why", required = true, paramLabel = "TEXT",
            description = "why it is safe now; kept in the history")
    private String why;

    ReleaseCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Reply reply = options.api().post(dryRun.of("/api/fleet/versions/" + Api.segment(version) + "/release"),
                Json.fields().with("why", why));
        return options.commanded(reply, version + " is no longer blocked");
    }
}
