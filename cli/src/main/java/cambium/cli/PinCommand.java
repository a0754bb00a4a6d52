package cambium.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "pin", description = {"Keep a ring or a cell on a version: no other goes forward there. Alone: list"
    + " the pins.", "It moves nothing by itself, and never stands in the way of a rollback."})
final class PinCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(index = "0", arity = "0..1", paramLabel = "VERSION", description = "the product version to stay on")
    private String version;

    @ArgGroup
    private Place place;

    @Option(names = "--off", description = "release the pin of the ring or cell")
    private boolean off;

    @Option(names = "--why", paramLabel = "TEXT", description = "why; shown wherever something waits for it")
    private String why;

    @Option(names = "--until", paramLabel = "TIME",
            description = "somebody is asked then whether it still has to hold: 30m, 2h, 14:30 (UTC) or"
                    + " 2026-11-21T14:30:00Z")
    private String until;

    PinCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        if (place == null && version == null && !off) {
            return list();
        }
        if (place == null) {
            throw Stop.usage("a ring or a cell is pinned", "add: --ring N or --cell C");
        }
        if (off == (version != null)) {
            throw Stop.usage(off ? "a pin is released by its ring or cell alone" : "which version shall it stay on?",
                    off ? "leave out the version" : "name the version, or --off to release the pin");
        }
        if (why == null || why.isBlank()) {
            throw Stop.usage("a reason is needed", "add: --why TEXT");
        }
        if (off) {
            String query = "?scope=" + Api.segment(place.words()) + "&why=" + Api.segment(why);
            return options.commanded(options.api().delete(dryRun.of("/api/fleet/pins" + query)), place.words()
                    + " is not pinned any more");
        }
        Json.Fields request = Json.fields().with("scope", place.words()).with("version", version).with("why", why);
        if (until != null) {
            Instant end = Times.until(until, options.surroundings().clock().instant()).orElseThrow(() -> Stop.usage(
                    "'" + until + "' is not a time", "write 30m, 2h, 14:30 (UTC) or 2026-11-21T14:30:00Z"));
            request = request.with("until", end.toString());
        }
        return options.commanded(options.api().post(dryRun.of("/api/fleet/pins"), request), place.words()
                + " is pinned to " + version);
    }

    private int list() {
        Json fleet = options.api().get("/api/fleet").json();
        if (options.json()) {
            options.print(fleet.at("pins").write());
        } else if (fleet.items("pins").isEmpty()) {
            options.print("nothing is pinned");
        } else {
            options.print(new StatusPage(fleet, options.ink()).pins());
        }
        return Stop.Exit.DONE.code;
    }

    /// Exactly one of these.
    private static final class Place {
        @Option(names = "--ring", paramLabel = "N", description = "one ring; what lies outside it waits, too")
        private Integer ring;

        @Option(names = "--cell", paramLabel = "C", description = "one cell; its ring goes on without it")
        private String cell;

        String words() {
            return ring != null ? "ring " + ring : "cell " + cell;
        }
    }
}
