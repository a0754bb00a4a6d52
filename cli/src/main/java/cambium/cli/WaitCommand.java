package cambium.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Waits on the server's clock, so that a wrong clock here ends nothing early. A server that restarts is waited for.
@Command(name = "wait", description = "Wait until a version has come so far; for pipelines, by exit codes.")
final class WaitCommand implements Callable<Integer> {
    private enum Goal { baked, migrated, graduated, everywhere }

    @Mixin
    private final ServerOptions options;

    @Parameters(paramLabel = "VERSION", description = "the product version")
    private String version;

    @Option(names = "--for", required = true, paramLabel = "baked|migrated|graduated|everywhere",
            description = "baked: a cell has proved it; migrated: its PDM ran there; graduated: it may leave the"
            + " perimeter; everywhere: every ring has it")
    private Goal goal;

    @Option(names = "--cell", paramLabel = "C", description = "the cell that shall have baked or migrated")
    private String cell;

    @Option(names = "--within", paramLabel = "TIME", description = "not longer than this: 90s, 30m, 2h; else 1h",
            defaultValue = "1h")
    private String within;

    private Optional<Instant> begun = Optional.empty();

    WaitCommand(ServerOptions options) {
        this.options = options;
    }

    static Map<String, String> exitCodes(Map<String, String> usual) {
        var codes = new LinkedHashMap<>(usual);
        codes.put("0", "it has come so far");
        codes.put("1", "refused by the server, or there is no such version or cell");
        codes.put("4", "the version was found bad, vetoed, or superseded: it will not come so far");
        codes.put("5", "not in time; it goes on");
        return codes;
    }

    @Override
    public Integer call() {
        boolean ofCell = goal == Goal.baked || goal == Goal.migrated;
        if (ofCell != (cell != null)) {
            throw Stop.usage(ofCell ? "on which cell?" : "only baked and migrated are of a cell",
                    ofCell ? "add: --cell C" : "leave out: --cell");
        }
        Duration longest = Times.length(within).orElseThrow(() -> Stop.usage("'" + within + "' is not a time",
                "write 90s, 30m or 2h"));
        return new Watch(options, options.api()).until(fleet -> ended(fleet, longest));
    }

    private Optional<Stop.Exit> ended(Json fleet, Duration longest) {
        Json known = field(fleet, "versions", "version", version).orElseThrow(() -> Stop.refused(
                "there is no version " + version, "start it with: cambium deploy " + version));
        if (reached(fleet, known)) {
            return Optional.of(Stop.Exit.DONE);
        }
        String state = known.text("state");
        if (state.equals("blocked") || state.equals("superseded")) {
            throw Stop.refused(version + " is " + state + waits(known), "see: cambium why " + version)
                    .as(Stop.Exit.HARMED);
        }
        Instant at = Instant.parse(fleet.text("at"));
        begun = begun.or(() -> Optional.of(at));
        if (at.isAfter(begun.get().plus(longest))) {
            throw Stop.refused(version + " is not " + goal + " within " + within + waits(known),
                    "see: cambium why " + version).as(Stop.Exit.LATE);
        }
        return Optional.empty();
    }

    private boolean reached(Json fleet, Json known) {
        return switch (goal) {
            case baked -> version.equals(ofCell(fleet).text("last_known_good"));
            case migrated -> version.equals(ofCell(fleet).text("pdm_version")) && migrated();
            case graduated -> "true".equals(known.text("graduated"));
            case everywhere -> known.text("state").equals("complete");
        };
    }

    /// The fleet tells for which version PDM began; the attempts of the cell, how it ended.
    private boolean migrated() {
        return options.api().get("/api/fleet/cells/" + Api.segment(cell)).json().items("attempts").stream()
                .anyMatch(attempt -> attempt.text("step").equals("pdm") && attempt.text("version").equals(version)
                && attempt.text("state").equals("succeeded"));
    }

    private Json ofCell(Json fleet) {
        return field(fleet, "cells", "cell", cell).orElseThrow(() -> Stop.refused("there is no cell " + cell,
                "see what there is with: cambium status"));
    }

    private static String waits(Json known) {
        return known.at("wait").find("text").map(text -> ": " + text).orElse("");
    }

    private static Optional<Json> field(Json fleet, String list, String key, String value) {
        return fleet.items(list).stream().filter(item -> item.text(key).equals(value)).findFirst();
    }
}
