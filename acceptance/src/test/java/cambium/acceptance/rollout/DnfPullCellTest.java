package cambium.acceptance.rollout;

import static cambium.acceptance.Hosted.EL9;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.acceptance.Await;
import cambium.acceptance.Checkout;
import cambium.acceptance.CommandRun;
import cambium.acceptance.Hosted;
import cambium.acceptance.RunningServer;
import cambium.acceptance.rpm.PrivateDnf;
import cambium.acceptance.rpm.RpmBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server of the rpm kind that nobody drives: real dnf on a root of its own follows the ring's channel, and the
/// example's script deploys and goes back with it.
class DnfPullCellTest {
    private static final String REPOSITORY = "acme/storefront";
    private static final RpmBuilder FIRST = RpmBuilder.of("storefront", "1.0.0");
    private static final RpmBuilder SECOND = RpmBuilder.of("storefront", "2.0.0");

    @TempDir
    private Path folder;
    private PrivateDnf dnf;

    private void prepare(RunningServer server) throws IOException {
        var root = Files.createDirectories(folder.resolve("main"));
        dnf = PrivateDnf.of(root, server.at("/" + REPOSITORY + "/rings/0/el/9/$basearch").toString(), false,
                server.at("/" + REPOSITORY + "/gpgkey").toString());
        Files.writeString(root.resolve("token"),
                server.post("/api/fleet/cells/main/token", "").get("token").asText());
        Files.writeString(root.resolve("report.conf"), """
                CAMBIUM_URL=%s
                CAMBIUM_CELL=main
                CAMBIUM_PACKAGES=storefront
                CAMBIUM_ACT="deploy rollback"
                CAMBIUM_MANAGER=rpm
                CAMBIUM_TOKEN_FILE='%2$s/token'
                CAMBIUM_STATE='%2$s/state'
                PATH='%3$s':$PATH
                export no_proxy='*'
                """.formatted(server.address().toString().replaceAll("/$", ""), root, dnf.programs()));
    }

    private void report() throws IOException {
        CommandRun.of(List.of(Checkout.root().resolve("deploy/example/pull/cambium-report").toString()), builder ->
                builder.environment().put("CAMBIUM_REPORT_CONF", folder.resolve("main/report.conf").toString()))
                .successful();
    }

    private boolean installed(RpmBuilder one) throws IOException {
        report();
        return dnf.installed().equals(Set.of(one.nevra()));
    }

    private List<String> attempts() throws IOException {
        try (var all = Files.list(folder.resolve("main/state/attempts"))) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theScriptDeploysAndGoesBackWithDnf() throws Exception {
        try (var server = RunningServer.start(folder.resolve("data"))) {
            var shop = Hosted.create(server, REPOSITORY);
            server.putYaml("/api/fleet", """
                    fleet: followers
                    product: {repository: %s, distribution: el/9, packages: [storefront]}
                    perimeter: 0
                    policy: {bake: {time: 1s, samples: 0}, health: none, pdm: manual, timeout: 5m}
                    rings:
                      - {ring: 0, cells: [{cell: main, kind: main, driver: pull}]}
                    """.formatted(REPOSITORY));
            for (var rpm : RpmBuilder.buildAll(folder, List.of(FIRST, SECOND))) {
                shop.pushed(rpm, EL9);
            }
            shop.awaitIndexed();
            prepare(server);
            report();
            assertEquals(Set.of(), dnf.installed(), "a report alone installs nothing");
            deploy(server, "1.0.0-1");
            Await.until("main has the first version", () -> installed(FIRST));
            Await.until("the first version is known good", () ->
                    server.get("/api/fleet").at("/cells/0/last_known_good").asText().equals("1.0.0-1"));
            deploy(server, "2.0.0-1");
            Await.until("main has the second version", () -> installed(SECOND));
            server.post("/api/fleet/rollbacks", "{\"version\":\"2.0.0-1\",\"why\":\"prices are wrong\"}");
            Await.until("the script takes main back", () -> installed(FIRST));
            Await.until("the second version is withdrawn from the channel", () ->
                    dnf.available().equals(Set.of(FIRST.nevra())));
            dnf.dnf("upgrade").successful();
            assertTrue(installed(FIRST), "no upgrade brings it back");
            assertEquals(List.of("r1.main.deploy.1", "r2.main.deploy.1", "r2.main.rollback.1"), attempts(),
                    "each step ran once");
        }
    }

    private static void deploy(RunningServer server, String version) throws IOException {
        server.post("/api/fleet/rollouts", "{\"version\":\"" + version + "\"}");
    }
}
