package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "graduate", description = "Let a version leave the perimeter, once its migrations ran on the primary.")
final class GraduateCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(paramLabel = "VERSION", description = "the product version")
    private String version;

    GraduateCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Reply reply = options.api().post(dryRun.of("/api/fleet/versions/" + Api.segment(version) + "/graduate"),
                Json.fields());
        return options.commanded(reply, version + " graduated; it may leave the perimeter");
    }
}
