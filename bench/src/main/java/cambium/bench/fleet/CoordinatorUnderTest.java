package cambium.bench.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import cambium.rollout.Fleet;
import cambium.rollout.FleetCommand;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.RolloutPlanner;
import cambium.server.access.Actor;
import cambium.server.fleet.BrakeFile;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.CellObserver;
import cambium.server.fleet.ChannelAddress;
import cambium.server.fleet.Channels;
import cambium.server.fleet.CommandDesk;
import cambium.server.fleet.CoordinatorLoop;
import cambium.server.fleet.ProductCatalog;
import cambium.server.fleet.Tick;
import cambium.server.fleet.postgres.PostgresFleetStore;
import cambium.server.fleet.yaml.FleetYaml;
import cambium.server.sql.ChildPostgres;
import cambium.server.sql.Database;
import cambium.server.sql.Migrations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The coordinator's loop in this process, on a PostgreSQL of its own that syncs as it would for a user. Channels take
/// everything and no package is withdrawn: what is measured is the loop, its store and a driver.
final class CoordinatorUnderTest implements AutoCloseable {
    static final ProductVersion VERSION = ProductVersion.of("1.0");
    private static final PackageRef PACKAGE = new PackageRef("bench", "1.0", "all", "ab".repeat(32), "pool/bench.deb");

    private static final long PATIENCE_NANOS = 900_000_000_000L;

    final Database database;
    final PostgresFleetStore store;
    private final ChildPostgres postgres;
    private final CoordinatorLoop loop;
    private final CommandDesk desk;

    CoordinatorUnderTest(Path folder, Function<Database, CellDriver> driver, Function<Database, CellObserver> observer)
            throws Exception {
        postgres = ChildPostgres.start(Files.createDirectories(folder.resolve("postgres")),
                Files.createDirectories(folder.resolve("programs")), "bench", ChildPostgres.Durability.DURABLE);
        Migrations.migrate(postgres.address());
        database = Database.open(postgres.address());
        store = new PostgresFleetStore(database);
        desk = new CommandDesk(store, InstantSource.system());
        loop = new CoordinatorLoop("bench", store, driver.apply(database), observer.apply(database), new Everything(),
                new Everything(), BrakeFile.NONE, RolloutPlanner::plan, InstantSource.system());
    }

    private static final class Everything implements Channels, ProductCatalog {
        @Override
        public boolean admit(FleetSpec.Product product, RingNumber ring, List<PackageRef> packages) {
            return true;
        }

        @Override
        public ChannelAddress address(FleetSpec.Product product, RingNumber ring) {
            return new ChannelAddress("http://127.0.0.1:1/c", "bookworm", "http://127.0.0.1:1/k", "http://127.0.0.1:1");
        }

        @Override
        public Resolution resolve(FleetSpec.Product product, List<Wanted> wanted) {
            return new Resolution.Resolved(List.of(PACKAGE));
        }

        @Override
        public List<PackageRef> withdrawn(FleetSpec.Product product, List<PackageRef> packages) {
            return List.of();
        }
    }

    /// One ring of so many cells, all at once.
    void declare(int cells, String driver, String settings) {
        var yaml = """
                fleet: bench
                product: {repository: bench/fleet, distribution: debian/bookworm, packages: [bench]}
                perimeter: 0
                policy: {health: none, bake: {time: 1h, samples: 0}, timeout: 30m}
                rings:
                  - ring: 0
                    cells:
                """ + IntStream.range(0, cells).mapToObj(i -> """
                      - {cell: c%d, kind: %s, driver: %s, health: "http://127.0.0.1:1/", settings: {%s}}
                """.formatted(i, i == 0 ? "main" : "secondary", driver, settings)).collect(Collectors.joining());
        declare(yaml);
    }

    void declare(String yaml) {
        if (!(FleetYaml.read(yaml.getBytes(UTF_8)) instanceof FleetYaml.Reading.Read(var spec))) {
            throw new IllegalStateException("the bench's fleet is refused: " + FleetYaml.read(yaml.getBytes(UTF_8)));
        }
        desk.run(new FleetCommand.Apply(spec), Actor.allowedEverything("bench"));
    }

    void deploy() {
        desk.run(new FleetCommand.Deploy(VERSION, List.of(PACKAGE), Optional.empty(), Optional.empty()),
                Actor.allowedEverything("bench"));
    }

    Tick tick() {
        return loop.tick();
    }

    /// Ticks until then; how long each took, in milliseconds.
    List<Double> ticks(BooleanSupplier enough) throws InterruptedException {
        var millis = new ArrayList<Double>();
        var begin = System.nanoTime();
        while (!enough.getAsBoolean()) {
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new IllegalStateException("the bench does not get further");
            }
            var before = System.nanoTime();
            var tick = tick();
            millis.add((System.nanoTime() - before) / 1e6);
            if (!tick.leading()) {
                System.err.println("bench: a round lost its lease after " + millis.getLast() + " ms");
            }
            tick.troubles().stream().limit(3).forEach(trouble -> System.err.println("bench: " + trouble));
            if (!tick.again()) {
                Thread.sleep(50);
            }
        }
        return millis;
    }

    Fleet fleet() {
        return store.load().fleet();
    }

    /// Adds them to the log as they are.
    void append(List<FleetEvent> events) {
        store.commit(store.load().revision(), events);
    }

    @Override
    public void close() {
        database.close();
        postgres.close();
    }
}
