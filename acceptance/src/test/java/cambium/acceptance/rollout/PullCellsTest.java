package cambium.acceptance.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.apt.DebBuilder;
import cambium.acceptance.apt.PrivateApt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers that nobody drives: real apt follows each ring's channel, apt's own hook reports, and the script of the
/// example takes a cell back.
class PullCellsTest {
    private static final String REPOSITORY = "acme/storefront";

    @TempDir
    Path folder;

    /// A server with an apt of its own, its ring's line in sources.list, and the example's script.
    private final class AptCell {
        final String name;
        final Path root;
        final PrivateApt apt;

        AptCell(RunningServer server, String name, int ring) throws IOException {
            this.name = name;
            this.root = Files.createDirectories(folder.resolve(name));
            this.apt = PrivateApt.of(root, PrivateApt.keyOf(server, REPOSITORY),
                    server.at("/" + REPOSITORY + "/rings/" + ring + "/debian"), "bookworm");
            var token = server.post("/api/fleet/cells/" + name + "/token", "").get("token").asText();
            Files.writeString(root.resolve("token"), token);
            Files.writeString(root.resolve("report.conf"), """
                    CAMBIUM_URL=%s
                    CAMBIUM_CELL=%s
                    CAMBIUM_PACKAGES=storefront
                    CAMBIUM_ACT="rollback pdm"
                    CAMBIUM_TOKEN_FILE='%3$s/token'
                    CAMBIUM_STEPS='%3$s/steps'
                    CAMBIUM_STATE='%3$s/state'
                    export APT_CONFIG='%3$s/apt.conf' DPKG_ADMINDIR='%3$s/var/lib/dpkg' no_proxy='*'
                    """.formatted(server.address().toString().replaceAll("/$", ""), name, root));
            Files.writeString(root.resolve("etc/apt/apt.conf.d/99cambium-report"),
                    "DPkg::Post-Invoke { \"CAMBIUM_REPORT_CONF=" + root.resolve("report.conf") + " " + script()
                    + " || true\"; };\n");
            program("pdm", "echo \"$CAMBIUM_ATTEMPT $CAMBIUM_VERSION\" >> '" + root.resolve("migrated") + "'\n");
        }

        private void program(String step, String body) throws IOException {
            var file = Files.createDirectories(root.resolve("steps")).resolve(step);
            Files.writeString(file, "#!/bin/sh\nset -eu\n" + body);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        CommandRun report() throws IOException {
            return CommandRun.of(List.of(script()), builder ->
                    builder.environment().put("CAMBIUM_REPORT_CONF", root.resolve("report.conf").toString()));
        }

        /// What unattended-upgrades and the timer do.
        void upgrade() throws IOException {
            apt.update();
            if (apt.available().stream().anyMatch(offer -> offer.startsWith("storefront "))) {
                apt.get("install", "storefront").successful();
            }
            report().successful();
        }

        Optional<String> installed() throws IOException {
            return apt.installed("storefront");
        }

        List<String> migrated() throws IOException {
            return Files.exists(root.resolve("migrated")) ? Files.readAllLines(root.resolve("migrated")) : List.of();
        }
    }

    private static String script() {
        return Checkout.root().resolve("deploy/example/pull/cambium-report").toString();
    }

    private static String state(RunningServer server, String version) throws IOException {
        for (var row : server.get("/api/fleet").get("versions")) {
            if (row.get("version").asText().equals(version)) {
                return row.get("state").asText();
            }
        }
        return "absent";
    }

    private static void deploy(RunningServer server, String version) throws IOException {
        server.post("/api/fleet/rollouts", "{\"version\":\"" + version + "\"}");
    }

    @Test
    void aptCellsConvergeRingByRingAndGoBack() throws Exception {
        try (var server = RunningServer.start(folder.resolve("data"))) {
            var shop = Hosted.create(server, REPOSITORY);
            server.putYaml("/api/fleet", """
                    fleet: followers
                    product: {repository: %s, distribution: debian/bookworm, packages: [storefront]}
                    perimeter: 0
                    policy: {bake: {time: 1s, samples: 0}, health: none, pdm: manual, timeout: 5m}
                    rings:
                      - {ring: 0, cells: [{cell: main, kind: main, driver: pull}]}
                      - {ring: 1, cells: [{cell: outer, driver: pull}]}
                    """.formatted(REPOSITORY));
            shop.pushed(DebBuilder.of("storefront", "1.0.0").build(folder));
            shop.awaitIndexed();
            Await.until("the rings are open", () ->
                    server.send("GET", "/" + REPOSITORY + "/rings/1/debian/dists/bookworm/InRelease", "text/plain", "")
                            .statusCode() == 200);
            var main = new AptCell(server, "main", 0);
            var outer = new AptCell(server, "outer", 1);
            main.report().successful();
            outer.report().successful();
            deploy(server, "1.0.0");
            Await.until("main has taken 1.0.0 from its channel", () -> {
                main.upgrade();
                return main.installed().equals(Optional.of("1.0.0"));
            });
            outer.upgrade();
            assertEquals(Optional.empty(), outer.installed(), "nothing is offered beyond the perimeter yet");
            Await.until("1.0.0 runs its migration on main", () -> {
                server.send("POST", "/api/fleet/versions/1.0.0/pdm", "application/json", "{}");
                main.report().successful();
                return !main.migrated().isEmpty();
            });
            Await.until("1.0.0 is everywhere", () -> {
                main.report().successful();
                outer.upgrade();
                return state(server, "1.0.0").equals("complete");
            });
            assertEquals(Optional.of("1.0.0"), outer.installed());
            assertEquals(1, main.migrated().size(), "a step runs once: " + main.migrated());
            goesBack(server, shop, main, outer);
        }
    }

    /// A second version reaches main, is taken back by a person, and is offered nowhere any more.
    private void goesBack(RunningServer server, Hosted shop, AptCell main, AptCell outer) throws Exception {
        shop.pushed(DebBuilder.of("storefront", "2.0.0").build(folder));
        shop.awaitIndexed();
        deploy(server, "2.0.0");
        Await.until("main has taken 2.0.0", () -> {
            main.upgrade();
            return main.installed().equals(Optional.of("2.0.0"));
        });
        server.post("/api/fleet/rollbacks", "{\"version\":\"2.0.0\",\"why\":\"prices are wrong\"}");
        Await.until("the script takes main back", () -> {
            main.report().successful();
            return main.installed().equals(Optional.of("1.0.0"));
        });
        Await.until("2.0.0 is withdrawn from the channel", () -> {
            main.apt.update();
            return main.apt.available().equals(Set.of("storefront 1.0.0"));
        });
        main.upgrade();
        outer.upgrade();
        assertEquals(Optional.of("1.0.0"), main.installed(), "no upgrade brings it back");
        assertEquals(Optional.of("1.0.0"), outer.installed());
        var secret = Files.readString(main.root.resolve("token"));
        assertFalse(server.output().contains(secret), "a cell's token is not logged");
        var foreign = CommandRun.of("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H",
                "Authorization: Bearer " + secret, "--data", "packages=x", server.at("/api/fleet/cells/outer/report")
                .toString()).successful();
        assertEquals("403", foreign.out().strip(), "a token speaks for its own cell");
        var reading = CommandRun.of("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H",
                "Authorization: Bearer " + secret, server.at("/api/fleet").toString()).successful();
        assertTrue(Set.of("401", "403").contains(reading.out().strip()), reading.out());
    }
}
