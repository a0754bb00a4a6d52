package cambium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "deploy", description = "Start a product version on its way through the rings.")
final class DeployCommand implements Callable<Integer> {
    private static final String FORM = "write for example: {\"migrations\": [{\"id\": \"20260101_drop_users\","
            + " \"kind\": \"post-deployment\", \"reversible\": false, \"oldest_compatible\": \"1.1.0\"}]}";

    @Mixin
    private final ServerOptions options;

    @Mixin
    private final DryRun dryRun = new DryRun();

    @Parameters(paramLabel = "VERSION", description = "the product version")
    private String version;

    @Option(names = "--package", paramLabel = "NAME=VERSION",
            description = "a package it is made of; by default each package of the fleet at VERSION")
    private List<String> packages = List.of();

    @Option(names = "--ring", paramLabel = "N", description = "not further than this ring")
    private Integer ring;

    @Option(names = "--cell", paramLabel = "C", description = "only this cell")
    private String cell;

    @Option(names = "--full", description = "converge the whole installation, not only the application")
    private boolean full;

    @Option(names = "--migrations", paramLabel = "FILE",
            description = "JSON with the migrations of the version; by default what its packages declare")
    private String migrations;

    @Option(names = "--hotfix", paramLabel = "REASON",
            description = "bake for as short as each ring allows a hotfix; no ring is left out")
    private String hotfix;

    @Option(names = {"-w", "--watch"}, description = "follow it; ends 0 when it arrived, 1 when it was stopped")
    private boolean watch;

    DeployCommand(ServerOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        Api api = options.api();
        Reply reply = api.post(dryRun.of("/api/fleet/rollouts"), request());
        int code = options.commanded(reply, "rollout of " + version
                + " started; follow it with: cambium status --watch");
        return watch && !dryRun.asked() ? new Watch(options, api).until(this::ended) : code;
    }

    private Json request() {
        Json.Fields request = Json.fields().with("version", version);
        if (!packages.isEmpty()) {
            var items = new ArrayList<Json>();
            packages.forEach(pair -> items.add(parse(pair)));
            request = request.with("packages", new Json.Items(items));
        }
        if (ring != null) {
            request = request.with("ring", new Json.Number(ring.toString()));
        }
        if (migrations != null) {
            request = request.with("migrations", declared());
        }
        if (full) {
            request = request.with("full", new Json.Flag(true));
        }
        if (hotfix != null) {
            request = request.with("hotfix", hotfix);
        }
        return cell == null ? request : request.with("cell", cell);
    }

    private Json declared() {
        Path file = options.surroundings().folder().resolve(Path.of(migrations));
        try {
            if (Json.parse(Files.readAllBytes(file)).at("migrations") instanceof Json.Items items) {
                return items;
            }
        } catch (IOException e) {
            throw Stop.usage("'" + migrations + "' cannot be read as JSON: " + e.getMessage(), FORM);
        }
        throw Stop.usage("'" + migrations + "' has no list 'migrations'", FORM);
    }

    private static Json parse(String pair) {
        int at = pair.indexOf('=');
        if (at < 1 || at == pair.length() - 1) {
            throw Stop.usage("'" + pair + "' is not name=version", "write for example: --package storefront=1.2.0");
        }
        return Json.fields().with("name", pair.substring(0, at)).with("version", pair.substring(at + 1));
    }

    private Optional<Stop.Exit> ended(Json fleet) {
        String state = field(fleet, "versions", "version", version).map(found -> found.text("state")).orElse("");
        if (state.equals("blocked") || state.equals("superseded")) {
            return Optional.of(Stop.Exit.REFUSED);
        }
        return arrived(fleet, state) ? Optional.of(Stop.Exit.DONE) : Optional.empty();
    }

    private boolean arrived(Json fleet, String state) {
        if (cell != null) {
            return field(fleet, "cells", "cell", cell).filter(found -> version.equals(found.text("version"))
                    && found.text("state").equals("healthy")).isPresent();
        }
        if (ring != null) {
            return field(fleet, "rings", "ring", ring.toString()).filter(found -> version.equals(found.text("target"))
                    && found.text("state").equals("converged")).isPresent();
        }
        return state.equals("complete");
    }

    private static Optional<Json> field(Json fleet, String list, String key, String value) {
        return fleet.items(list).stream().filter(item -> item.text(key).equals(value)).findFirst();
    }
}
