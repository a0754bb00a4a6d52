package cambium.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "figures", description = "How delivery fared over the last days: frequency, lead time, failures, time "
        + "to restore, and how long cells ran what was found bad.")
final class FiguresCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Option(names = "--days", paramLabel = "N", defaultValue = "30",
            description = "1 to 3650; ${DEFAULT-VALUE} by default")
    private int days;

    FiguresCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Reply reply = options.api().get("/api/fleet/figures?days=" + days);
        if (options.json()) {
            return options.done(reply, "");
        }
        Json figures = reply.json();
        var table = new Table("figure", "in the last " + days + (days == 1 ? " day" : " days"));
        table.row("versions that every ring has", figures.text("completed"));
        table.row("versions that were found bad", figures.text("failed") + figures.find("failure_share")
                .map(share -> " (" + Math.round(Double.parseDouble(share) * 100) + " % of those settled)").orElse(""));
        table.row("from start to every ring", middle(figures.at("lead_time_seconds")));
        table.row("from start to graduation", middle(figures.at("graduation_seconds")));
        table.row("from found bad to the last cell back", middle(figures.at("restore_seconds")));
        table.row("cells that ran what was found bad", figures.text("exposed_cells") + ", together for "
                + time(figures.text("exposure_cell_seconds")));
        options.print(table.lines(options.ink()));
        return Stop.Exit.DONE.code;
    }

    private static String middle(Json figure) {
        return figure instanceof Json.Nothing ? "-" : time(figure.text("median")) + " (median), "
                + time(figure.text("worst")) + " (worst)";
    }

    private static String time(String seconds) {
        long all = Long.parseLong(seconds);
        return all < 60 ? all + " s" : all < 3600 ? all / 60 + " min" : all < 86_400
                ? all / 3600 + " h " + all % 3600 / 60 + " min" : all / 86_400 + " d " + all % 86_400 / 3600 + " h";
    }
}
