package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "veto", description = "Let a version go forward nowhere any more; cells that baked it keep it.")
final class VetoCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(paramLabel = "VERSION", description = "the product version")
    private String version;

    @Option(names = "--why", required = true, paramLabel = "TEXT",
            description = "why it may not go on; shown wherever it waits")
    private String why;

    VetoCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Reply reply = options.api().post(dryRun.of("/api/fleet/versions/" + Api.segment(version) + "/veto"),
                Json.fields().with("why", why));
        return options.commanded(reply, version + " is vetoed; cambium release " + version + " lifts it");
    }
}
