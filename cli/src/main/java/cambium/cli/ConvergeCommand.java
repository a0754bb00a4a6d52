package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "converge", description = "Converge the whole installation of a cell anew, on what its ring runs.")
final class ConvergeCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(paramLabel = "CELL", description = "the cell")
    private String cell;

    ConvergeCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        Json fleet = api.get("/api/fleet").json();
        Json found = fleet.items("cells").stream().filter(one -> one.text("cell").equals(cell)).findFirst()
                .orElseThrow(() -> Stop.refused("there is no cell '" + cell + "'", "list them: cambium status"));
        String version = fleet.items("rings").stream().filter(ring -> ring.text("ring").equals(found.text("ring")))
                .map(ring -> ring.text("target")).filter(target -> !target.isEmpty()).findFirst()
                .orElseThrow(() -> Stop.refused("the ring of " + cell + " runs no version yet",
                        "deploy one first: cambium deploy VERSION"));
        Reply reply = api.post(dryRun.of("/api/fleet/rollouts"), Json.fields().with("version", version)
                .with("cell", cell).with("full", new Json.Flag(true)));
        return options.commanded(reply, cell + " converges on " + version);
    }
}
