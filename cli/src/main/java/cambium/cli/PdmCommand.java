package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "pdm", description = {"Run the post-deployment migrations of a version.",
    "Afterwards a cell cannot go back to an older version without downtime."})
final class PdmCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(paramLabel = "VERSION", description = "the product version")
    private String version;

    @Option(names = "--cell", paramLabel = "C", description = "only on this cell; by default wherever it waits for it")
    private String cell;

    PdmCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Json request = cell == null ? Json.fields() : Json.fields().with("cell", cell);
        Reply reply = options.api().post(dryRun.of("/api/fleet/versions/" + Api.segment(version) + "/pdm"), request);
        return options.commanded(reply, "post-deployment migrations of " + version + " will run"
                + (cell == null ? "" : " on " + cell));
    }
}
