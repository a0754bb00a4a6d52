package cambium.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetCommand;
import cambium.rollout.Ground;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RolloutPlanner;
import cambium.rollout.Step;
import cambium.server.access.Actor;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.joint.RepositoryCatalog;
import cambium.server.joint.RepositoryChannels;
import cambium.server.joint.RingOpening;
import cambium.server.repository.RepositoryServer;
import cambium.server.repository.TestDeb;
import cambium.server.testing.Eventually;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The repository and its channels are real, the cells are not.
final class WithdrawalTest {
    private static final ProductVersion ONE = ProductVersion.of("1.0");
    private static final Actor ANNA = Actor.allowedEverything("anna");
    private static final String FILE = "storefront_1.0_amd64.deb";

    @TempDir
    Path data;

    private RepositoryServer server;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource time = () -> now;
    private final FakeCells cells = new FakeCells(time);
    private FleetStore store;
    private CoordinatorLoop loop;
    private RingOpening opening;

    @BeforeEach
    void bakeInRingZero() {
        server = RepositoryServer.start(data);
        server.create("acme", "storefront");
        server.pushed("acme/storefront", TestDeb.of("storefront", "1.0", "amd64"));
        server.settled();
        var rings = server.feature.rings();
        var catalog = new RepositoryCatalog(rings, server.feature.reader());
        var channels = new RepositoryChannels(rings, server.feature.reader(), () -> "http://cambium.example.org");
        store = new PostgresFleetStore(server.database);
        loop = new CoordinatorLoop("one", store, cells, cells, channels, catalog, () -> Optional.empty(),
                RolloutPlanner::plan, time);
        opening = new RingOpening(store, new Nudges(), rings, server.feature.reader());
        opening.start();
        var desk = new CommandDesk(store, time);
        desk.run(new FleetCommand.Apply(CoordinatorLoopTest.SPEC), ANNA);
        var packages = assertInstanceOf(ProductCatalog.Resolution.Resolved.class, catalog.resolve(
                CoordinatorLoopTest.SPEC.product(), List.of(new ProductCatalog.Wanted("storefront", "1.0"))))
                .packages();
        desk.run(new FleetCommand.Deploy(ONE, packages, Optional.empty(), Optional.empty()), ANNA);
        Eventually.holds("the canary got it", () -> {
            loop.tick();
            return !cells.ran.isEmpty();
        });
        loop.tick();
        assertTrue(index(0).contains("Package: storefront"));
    }

    @AfterEach
    void stop() {
        opening.close();
        server.close();
    }

    private String index(int ring) {
        return server.http.get("/acme/storefront/rings/" + ring
                + "/debian/dists/bookworm/main/binary-amd64/Packages").body();
    }

    /// No start is due: ring 0 bakes. All the same the version is stopped at the next look.
    private void isStoppedEverywhere() {
        loop.tick();
        var blocked = store.load().fleet().version(ONE).orElseThrow().blocked().orElseThrow();
        assertEquals(Ground.WITHDRAWN, blocked.ground());
        assertEquals("package storefront 1.0 was withdrawn from the repository", blocked.why());
        for (int minute = 0; minute < 30; minute++) {
            now = now.plus(Duration.ofMinutes(1));
            loop.tick();
        }
        assertEquals(1, cells.ran.stream().filter(order -> order.step() == Step.DEPLOY).count(),
                "nothing started after it: " + cells.ran);
        var fleet = store.load().fleet();
        assertTrue(fleet.rings().values().stream().allMatch(ring -> ring.targets().isEmpty()), "no ring takes it");
        assertTrue(fleet.pages().values().stream().anyMatch(page -> page.text().contains("1.0 is withdrawn: package")),
                fleet.pages().toString());
        var refused = assertInstanceOf(FleetCommand.Answer.Refused.class, cambium.rollout.FleetCommands.decide(fleet,
                new FleetCommand.Deploy(ONE, List.<PackageRef>of(), Optional.empty(), Optional.empty()), "anna", now));
        assertEquals("1.0 is withdrawn by cambium: package storefront 1.0 was withdrawn from the repository",
                refused.text());
        Eventually.holds("no pull cell upgrades to it any more", () -> !index(0).contains("Package: storefront"));
        assertFalse(store.pending(10).stream().anyMatch(entry -> entry instanceof OutboxEntry.Admit),
                "no channel is opened for it");
    }

    @Test
    void aYankedPackageStopsItsVersionInEveryRingAtOnce() {
        server.delete("acme/storefront/debian/bookworm/" + FILE);
        isStoppedEverywhere();
    }

    @Test
    void aPackageInQuarantineStopsItsVersionUntilItIsReleasedByName() {
        post("/packages/debian/bookworm/" + FILE + "/quarantine", "{\"why\":\"it mines coins\"}");
        isStoppedEverywhere();
        var desk = new CommandDesk(store, time);
        desk.run(new FleetCommand.Unblock(ONE, "try again"), ANNA);
        loop.tick();
        assertTrue(store.load().fleet().version(ONE).orElseThrow().blocked().isPresent(),
                "released while its package is in quarantine, it is stopped again");
        post("/packages/debian/bookworm/" + FILE + "/release", "");
        server.settled();
        loop.tick();
        assertTrue(store.load().fleet().version(ONE).orElseThrow().blocked().isPresent(), "not by itself");
        desk.run(new FleetCommand.Unblock(ONE, "it was harmless"), ANNA);
        Eventually.holds("the canary gets it again", () -> {
            now = now.plus(Duration.ofSeconds(10));
            loop.tick();
            return cells.ran.stream().filter(order -> order.step() == Step.DEPLOY).count() > 1;
        });
    }

    private void post(String path, String body) {
        var answer = server.http.send(server.authorized("/api/repositories/acme/storefront" + path)
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build());
        assertEquals(200, answer.statusCode(), answer::body);
    }
}
