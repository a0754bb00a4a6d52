package cambium.server;

import cambium.server.access.Access;
import cambium.server.access.MasterKey;
import cambium.server.access.Permission;
import cambium.server.access.Resealing;
import cambium.server.access.Rights;
import cambium.server.access.openid.OpenIdSignIn;
import cambium.server.blob.BlobStore;
import cambium.server.blob.FolderBlobStore;
import cambium.server.blob.S3BlobStore;
import cambium.server.config.BlobPlace;
import cambium.server.config.DataFolder;
import cambium.server.config.Role;
import cambium.server.config.ServerConfig;
import cambium.server.config.StartRefused;
import cambium.server.delivery.DeliveryFeature;
import cambium.server.fleet.BrakeFile;
import cambium.server.fleet.FleetFeature;
import cambium.server.fleet.FleetWebhooks;
import cambium.server.fleet.process.StepEnvironment;
import cambium.server.health.ApiDescription;
import cambium.server.health.Check;
import cambium.server.health.HealthRoutes;
import cambium.server.health.Meters;
import cambium.server.http.HttpServer;
import cambium.server.http.HttpSettings;
import cambium.server.http.PeerCertificates;
import cambium.server.http.ProblemPage;
import cambium.server.http.RequestIds;
import cambium.server.http.Route;
import cambium.server.http.Router;
import cambium.server.http.TrustedCertificates;
import cambium.server.joint.FleetForPages;
import cambium.server.joint.FleetLines;
import cambium.server.joint.PushNews;
import cambium.server.joint.RepositoriesForPages;
import cambium.server.joint.RepositoryCatalog;
import cambium.server.joint.RepositoryChannels;
import cambium.server.joint.RingOpening;
import cambium.server.joint.UsageForPages;
import cambium.server.pages.Pages;
import cambium.server.repository.PackageListing;
import cambium.server.repository.RepositoryFeature;
import cambium.server.repository.RepositorySettings;
import cambium.server.sql.ChildPostgres;
import cambium.server.sql.Database;
import cambium.server.sql.DatabaseAddress;
import cambium.server.sql.DatabasePassword;
import cambium.server.sql.KeptPostgres;
import cambium.server.sql.Migrations;
import cambium.server.sql.Notices;
import cambium.server.webhook.Transports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Builds every object by hand and starts them in order. The only place, with [Main], that knows the real clock and
/// real randomness.
class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    private final ServerConfig config;
    private final Running running;
    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();
    private final AtomicReference<String> listening = new AtomicReference<>("");

    Wiring(ServerConfig config, Running running) {
        this.config = config;
        this.running = running;
    }

    /// What the one who started the server is told, and the whole table of routes.
    record Started(HttpServer http, List<Route> routes, Optional<String> freshAdminToken,
            Optional<String> signInLink) {}

    Started start() throws Exception {
        TrustedCertificates.watchAll();
        var folder = running.add("data folder", DataFolder.lock(config.data()));
        var own = config.databaseUrl().isEmpty() ? Optional.of(ownDatabase(folder)) : Optional.<KeptPostgres>empty();
        var address = own.map(KeptPostgres::address).orElseGet(() -> given(config.databaseUrl().orElseThrow()));
        var database = running.add("database", Database.open(address));
        Migrations.outdated(database).ifPresent(why -> {
            throw new StartRefused(why);
        });
        Migrations.bringUpToDate(database);
        var notices = running.add("notices", new Notices(address));
        var meters = new Meters();
        meters.gauge("cambium.database.connections", "Connections in use", database::connectionsInUse);
        own.ifPresent(kept -> meters.count("cambium.postgres.ends", "How often the server's own PostgreSQL has ended "
                + "unasked, and was started again", kept, KeptPostgres::ends));
        PeerCertificates.watch(clock);
        meters.gauge("cambium.peer.certificates.seconds.left", "Until the first certificate ends that another server "
                + "has shown to this process", PeerCertificates::secondsLeft);
        var masterKey = masterKey(folder, database);
        var blobs = blobs();
        var delivery = running.add("delivery", new DeliveryFeature(new DeliveryFeature.Settings(config.delivery(),
                config.deliveryKeys(), masterKey.subkey("delivery-links"),
                config.baseUrl().filter(url -> url.startsWith("https:")).isPresent()), blobs, clock));
        var repository = new RepositoryFeature(database, notices, blobs, masterKey, meters.registry(), clock,
                RepositorySettings.of(config.origin(), config.maxPackageBytes())
                        .keepingStatistics(config.keepStatistics())
                        .telling(telling()).validFor(config.validUntil()).makingAhead(spareKeys()),
                delivery.delivery());
        running.add("repository", repository);
        var fleet = running.add("fleet", new FleetFeature(fleetSettings(), database, notices,
                new RepositoryChannels(repository.rings(), repository.reader(), this::addressForCells),
                new RepositoryCatalog(repository.rings(), repository.reader()), meters.registry(), clock));
        var fleetWebhooks = running.add("fleet webhooks",
                new FleetWebhooks(fleet.store(), database, masterKey, telling(),
                        new FleetLines(fleet.store(), fleet.planner(), clock), meters.registry(), clock));
        var pages = pages(fleet, repository, fleetWebhooks, notices);
        var access = new Access(database, masterKey, anonymousMay(),
                repository.tokens().or(fleet.cellTokens()), pages,
                config.openId().map(settings -> running.add("OpenID", new OpenIdSignIn(settings, random, clock))),
                random, clock);
        notices.subscribe(Access.TAKEN_BACK, _ -> access.forgetTokens());
        var freshToken = access.ensureAdministrator(folder, config.adminToken());

        var routes = new ArrayList<Route>();
        var services = new ArrayList<Service>();
        routes.addAll(new HealthRoutes(checks(own, database, blobs, delivery, repository, fleet), meters,
                config.roles()).routes());
        routes.add(new ApiDescription(config.roles()).route());
        routes.addAll(access.routes());
        routes.addAll(repository.routes());
        routes.addAll(delivery.routes());
        routes.addAll(fleet.routes());
        routes.addAll(fleetWebhooks.routes());
        routes.addAll(pages.routes());
        services.add(new Service("standby", Role.WEB, repository::startStandby));
        services.add(new Service("spare keys", Role.WEB, repository::startKeys));
        services.add(new Service("repair", Role.WEB, repository::startRepairs));
        services.add(new Service("index", Role.INDEX, repository::startIndexing));
        services.add(new Service("coordinator", Role.COORDINATE, fleet::startCoordinating));
        services.add(new Service("fleet webhooks", Role.COORDINATE, fleetWebhooks::start));
        var opening = running.add("ring channels",
                new RingOpening(fleet.store(), fleet.nudges(), repository.rings(), repository.reader()));
        services.add(new Service("ring channels", Role.COORDINATE, opening::start));

        var http = running.add("HTTP", listen(new Router(routes, config.roles()), access,
                new Rights(fleet.denials()), meters, pages::problem));
        listening.set(http.uri().toString());
        services.add(new Service("delivery", Role.WEB, () -> delivery.startProbing(http.uri())));
        start(services);
        fleet.startEverywhere();
        return new Started(http, List.copyOf(routes), freshToken, access.administratorLink(folder, address(http)));
    }

    private MasterKey masterKey(DataFolder folder, Database database) {
        var key = MasterKey.of(folder, config.masterKey(), random);
        var sealed = Stream.of(Access.SEALED, RepositoryFeature.SEALED).flatMap(List::stream).toList();
        config.formerMasterKey().ifPresent(former -> Resealing.change(database,
                MasterKey.of(folder, Optional.of(former), random), key, sealed));
        return key;
    }

    private static Pages pages(FleetFeature fleet, RepositoryFeature repository, FleetWebhooks webhooks,
            Notices notices) {
        var ofFleet = new FleetForPages(fleet.store(), fleet.desk(), fleet.history(), fleet.planner(),
                fleet.driver(), fleet.source(), fleet.strays(), fleet.time());
        var ofRepositories =
                new RepositoriesForPages(repository.reader(), repository.listing(), fleet.store());
        var news = new PushNews(repository.reader(), repository.listing());
        notices.subscribe(PackageListing.PUSHED, _ -> news.pushed());
        return new Pages(ofFleet, ofFleet, ofRepositories,
                new UsageForPages(repository.reader(), repository.usage(), fleet.time()), news,
                Stream.concat(repository.routes().stream(), webhooks.routes().stream()).toList(),
                fleet.time());
    }

    /// How many signing keys are made ahead of need.
    int spareKeys() {
        return RepositorySettings.DEFAULT_SPARE_KEYS;
    }

    /// Where people reach the server.
    String address(HttpServer http) {
        return config.baseUrl().orElseGet(() -> http.uri().toString());
    }

    private HttpServer listen(Router router, Access access, Rights rights, Meters meters, ProblemPage problems)
            throws Exception {
        try {
            return HttpServer.start(HttpSettings.at(config.host(), config.port()).withBaseUrl(config.baseUrl()),
                    router, access.authenticator(), rights, meters, problems, new RequestIds(random));
        } catch (IOException e) {
            throw new StartRefused("cannot listen on " + config.host() + " port " + config.port() + " ("
                    + e.getMessage() + "); choose others with --host and --port", e);
        }
    }

    /// As people find it: by its number and the name of its machine.
    private static String process() {
        long number = ProcessHandle.current().pid();
        try {
            return "process " + number + " at " + Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException unnamed) {
            return "process " + number;
        }
    }

    private Transports.Settings telling() {
        return new Transports.Settings(config.webhookHosts(), config.mail(), this::addressForCells);
    }

    /// Known once HTTP listens; the coordinator starts after that.
    private String addressForCells() {
        return config.baseUrl().orElseGet(listening::get);
    }

    private FleetFeature.Settings fleetSettings() {
        if (config.has(Role.COORDINATE) && !config.has(Role.WEB) && config.baseUrl().isEmpty()) {
            throw new StartRefused("a coordinator without the role web needs --base-url: cells fetch their packages "
                    + "from there");
        }
        var holder = ProcessHandle.current().pid() + "-" + HexFormat.of().toHexDigits(random.nextLong());
        var environment = new StepEnvironment(System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                System.getenv().getOrDefault("HOME", "/"));
        return new FleetFeature.Settings(holder, process(), config.drivers(),
                config.data().resolve("attempts"), environment,
                random, BrakeFile.in(config.data()), config.data().resolve("prometheus.yaml"),
                config.cellHosts(), config.brakeDrill(), config.data().resolve("drill"), config.fleetGit(),
                config.data().resolve("fleet-git"), config.data().resolve("alertmanager.yaml"),
                this::addressForCells);
    }

    /// What is being received lies on the file system of the blobs, beside them where they are in the data folder.
    /// A test may put something before it.
    BlobStore blobs() throws IOException {
        var beside = config.data().resolve("incoming");
        return switch (config.blobs()) {
            case BlobPlace.Folder(var path) -> running.add("blobs", new FolderBlobStore(path,
                    path.startsWith(config.data()) ? beside : path.resolve("incoming")));
            case BlobPlace.Bucket(var bucket) -> running.add("blobs", S3BlobStore.open(bucket, beside));
        };
    }

    private void start(List<Service> services) {
        for (var service : services) {
            if (config.has(service.role())) {
                service.start().run();
            }
        }
    }

    private static DatabaseAddress given(String url) {
        try {
            var address = DatabaseAddress.parse(url);
            if (address.isUnverified()) {
                LOG.warn("--database-url has no sslmode=verify-full: whoever is between here and there could read and "
                        + "change everything");
            }
            return address;
        } catch (IllegalArgumentException e) {
            throw new StartRefused("--database-url: " + e.getMessage(), e);
        }
    }

    private KeptPostgres ownDatabase(DataFolder folder) {
        var password = DatabasePassword.of(folder, random);
        var child = ChildPostgres.start(folder.path(), folder.path(), password, ChildPostgres.Durability.DURABLE);
        return running.add("PostgreSQL", new KeptPostgres(child));
    }

    private Set<Permission> anonymousMay() {
        return switch (config.fleetPages()) {
            case PUBLIC -> EnumSet.of(Permission.READ_FLEET);
            case SIGNED_IN -> EnumSet.noneOf(Permission.class);
        };
    }

    /// Who serves reads goes on without the database, from what it keeps; who only writes cannot.
    private List<Check> checks(Optional<KeptPostgres> own, Database database, BlobStore blobs,
            DeliveryFeature delivery, RepositoryFeature repository, FleetFeature fleet) {
        var reads = config.has(Role.WEB);
        var standby = repository.standby();
        BooleanSupplier away = () -> standby.isAway() || own.flatMap(KeptPostgres::problem).isPresent();
        var checks = new ArrayList<>(List.of(
                new Check("database", !reads, () -> own.flatMap(KeptPostgres::problem).or(() -> standby.isAway()
                        ? Optional.of(database.whyAway() + "; public channels are served as they were")
                        : database.problem())),
                new Check("schema", () -> away.getAsBoolean() ? Optional.empty()
                        : Migrations.outdated(database).or(() -> Migrations.missing(database))),
                Check.wanted("program", () -> away.getAsBoolean() ? Optional.empty() : Migrations.newer(database)),
                new Check("blobs", blobs::problem)));
        if (config.has(Role.INDEX)) {
            checks.add(new Check("clock", !reads,
                    () -> away.getAsBoolean() ? Optional.empty() : repository.signingProblem()));
        } else {
            checks.add(Check.wanted("clock", () -> away.getAsBoolean() ? Optional.empty() : fleet.clockProblem()));
        }
        checks.add(Check.wanted("fleet log", () -> away.getAsBoolean() ? Optional.empty() : fleet.logProblem()));
        checks.add(Check.wanted("file descriptors", fleet::descriptorProblem));
        if (reads) {
            checks.add(new Check("delivery", delivery::problem));
            checks.add(Check.wanted("delivery keys", delivery::keyProblem));
        }
        return checks;
    }
}
