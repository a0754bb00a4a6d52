package cambium.server.joint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.rollout.FleetCommand;
import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.RingNumber;
import cambium.server.access.Actor;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.ProductCatalog;
import cambium.server.fleet.Nudges;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.repository.RepositoryServer;
import cambium.server.repository.TestDeb;
import cambium.server.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepositoryJointTest {
    private static final FleetSpec.Product SHOP =
        new FleetSpec.Product("acme/shop", "debian/12", List.of("shop", "docs"));
    private static final String FLEET = """
        fleet: small
        product: {repository: acme/shop, distribution: debian/bookworm, packages: [shop]}
        perimeter: 0
        graduate: automatic
        policy: {at-once: 100%, bake: {time: 5m, samples: 100}, qa: none, pdm: after-bake, tolerated-failures: 0,
          retries: 0, timeout: 10m, health: required}
        rings:
          - ring: 0
            cells:
              - {cell: main, kind: main, driver: local, health: "http://127.0.0.1:1/h", metrics: "http://127.0.0.1:1/m"}
          - ring: 1
            cells:
              - {cell: c1, kind: secondary, driver: local, health: "http://127.0.0.1:1/h",
                 metrics: "http://127.0.0.1:1/m"}
        """;

    @TempDir
    Path data;

    private RepositoryServer server;
    private RepositoryChannels channels;
    private RepositoryCatalog catalog;

    @BeforeEach
    void start() {
        server = RepositoryServer.start(data);
        server.create("acme", "shop");
        var rings = server.feature.rings();
        channels = new RepositoryChannels(rings, server.feature.reader(), () -> "http://cambium.example.org");
        catalog = new RepositoryCatalog(rings, server.feature.reader());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static ProductCatalog.Wanted wanted(String name, String version) {
        return new ProductCatalog.Wanted(name, version);
    }

    private List<PackageRef> resolved(ProductCatalog.Wanted... wanted) {
        return assertInstanceOf(ProductCatalog.Resolution.Resolved.class, catalog.resolve(SHOP, List.of(wanted)))
            .packages();
    }

    @Test
    void findsPackagesByNameAndVersionWithOrWithoutRevision() {
        server.pushed("acme/shop", TestDeb.of("shop", "1.0-1", "amd64"));
        server.pushed("acme/shop", TestDeb.of("shop", "1.0-2", "amd64"));
        server.pushed("acme/shop", TestDeb.of("shop", "1.0-2", "arm64"));
        server.pushed("acme/shop", TestDeb.of("docs", "1.0", "all"));
        server.settled();
        List<PackageRef> found = resolved(wanted("docs", "1.0"), wanted("shop", "1.0"));
        assertEquals(List.of("docs 1.0 all", "shop 1.0-2 amd64", "shop 1.0-2 arm64"),
            found.stream().map(one -> one.name() + " " + one.version() + " " + one.architecture()).toList());
        assertEquals("debian/pool/bookworm/main/d/docs/docs_1.0_all.deb", found.getFirst().path());
        assertEquals("1.0-1", resolved(wanted("shop", "1.0-1")).getFirst().version());
    }

    @Test
    void carriesTheMigrationsThatPackagesDeclare() throws IOException {
        String text = "{\"migrations\":[]}";
        server.pushed("acme/shop", cambium.formats.testing.TestDeb.of("shop", "1.0", "all")
            .file("usr/share/cambium/migrations/shop.json", text).build());
        server.pushed("acme/shop", TestDeb.of("docs", "1.0", "all"));
        server.settled();
        var found = assertInstanceOf(ProductCatalog.Resolution.Resolved.class,
            catalog.resolve(SHOP, List.of(wanted("shop", "1.0"), wanted("docs", "1.0"))));
        assertEquals(2, found.packages().size());
        assertEquals(List.of(new ProductCatalog.Declaration("shop", text)), found.declarations());
    }

    @Test
    void saysWhatIsMissing() {
        server.pushed("acme/shop", TestDeb.of("shop", "1.0", "amd64"));
        server.settled();
        var missing = assertInstanceOf(ProductCatalog.Resolution.Missing.class,
            catalog.resolve(SHOP, List.of(wanted("shop", "1.0"), wanted("shop", "1"), wanted("none", "1.0"))));
        assertEquals(List.of("shop 1 is not in acme/shop for debian/12", "none 1.0 is not in acme/shop for debian/12"),
            missing.reasons());
        assertInstanceOf(ProductCatalog.Resolution.Missing.class, catalog.resolve(
            new FleetSpec.Product("acme/none", "debian/bookworm", List.of("x")), List.of(wanted("x", "1"))));
    }

    @Test
    void admitsToARingAndSaysWhenItIsPublished() {
        server.pushed("acme/shop", TestDeb.of("shop", "1.0", "amd64"));
        server.settled();
        List<PackageRef> packages = resolved(wanted("shop", "1.0"));
        RingNumber ring = RingNumber.of("0");
        Eventually.holds("it is published in the ring", () -> channels.admit(SHOP, ring, packages));
        var address = channels.address(SHOP, ring);
        assertEquals("http://cambium.example.org/acme/shop/rings/0/debian", address.url());
        assertEquals("bookworm", address.codename());
        assertEquals("http://cambium.example.org/acme/shop/gpgkey", address.keyUrl());
        String path = address.packagesUrl().substring("http://cambium.example.org".length()) + "/"
            + packages.getFirst().path();
        assertEquals(302, server.http.get(path).statusCode());
        assertEquals(List.of(), catalog.withdrawn(SHOP, packages));
        server.delete("acme/shop/debian/bookworm/shop_1.0_amd64.deb");
        assertEquals(packages, catalog.withdrawn(SHOP, packages));
        assertFalse(channels.admit(SHOP, ring, packages));
    }

    @Test
    void everyRingOfTheFleetHasAChannel() {
        var store = new PostgresFleetStore(server.database);
        var reading = assertInstanceOf(FleetYaml.Reading.Read.class,
            FleetYaml.read(FLEET.getBytes(StandardCharsets.UTF_8)));
        new CommandDesk(store, InstantSource.system()).run(new FleetCommand.Apply(reading.spec()),
                Actor.allowedEverything("anna"));
        new RingOpening(store, new Nudges(), server.feature.rings(), server.feature.reader()).openAll();
        server.settled();
        for (int ring = 0; ring < 2; ring++) {
            var answer = server.http.get("/acme/shop/rings/" + ring + "/debian/dists/bookworm/InRelease");
            assertEquals(200, answer.statusCode());
            assertTrue(answer.body().contains("BEGIN PGP SIGNED MESSAGE"));
        }
        assertEquals(404, server.http.get("/acme/shop/rings/2/debian/dists/bookworm/InRelease").statusCode());
    }
}
