package cambium.server.repository;

import cambium.server.access.MasterKey;
import cambium.server.access.Permission;
import cambium.server.access.SealedColumn;
import cambium.server.access.OtherTokens;
import cambium.server.blob.BlobStore;
import cambium.server.delivery.Delivery;
import cambium.server.http.Json;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.anyfile.AnyfileFormat;
import cambium.server.repository.anyfile.AnyfileLayout;
import cambium.server.repository.apt.AptLayout;
import cambium.server.repository.apt.DebFormat;
import cambium.server.repository.apt.DscFormat;
import cambium.server.repository.distribution.AddedDistributions;
import cambium.server.repository.distribution.DistributionRoutes;
import cambium.server.repository.event.EventKeeper;
import cambium.server.repository.event.EventRoutes;
import cambium.server.repository.event.EventsForWebhooks;
import cambium.server.repository.event.RepositoryEvents;
import cambium.server.repository.format.Formats;
import cambium.server.repository.install.InstallRoutes;
import cambium.server.repository.statistics.UsageLog;
import cambium.server.repository.statistics.UsageReader;
import cambium.server.repository.rpm.RpmFormat;
import cambium.server.repository.rpm.RpmLayout;
import cambium.server.repository.key.KeyKeeper;
import cambium.server.repository.key.KeyRoutes;
import cambium.server.repository.key.PackageKeys;
import cambium.server.repository.key.PublicKeyRoutes;
import cambium.server.repository.key.RepositoryKeys;
import cambium.server.repository.token.PrivatePaths;
import cambium.server.repository.token.RepositoryTokens;
import cambium.server.repository.token.TokenRoutes;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import cambium.server.sql.Recurring;
import cambium.server.webhook.EventLog;
import cambium.server.webhook.Transports;
import cambium.server.webhook.WebhookRoutes;
import cambium.server.webhook.WebhookSender;
import cambium.server.webhook.Webhooks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public door of the repository half: its routes, its index worker, its ring channels and what pages may read.
public final class RepositoryFeature implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RepositoryFeature.class);
    /// What of this half's tables the master key has sealed.
    public static final List<SealedColumn> SEALED =
        Stream.of(RepositoryKeys.SEALED, RepositoryTokens.SEALED, Webhooks.SEALED).flatMap(List::stream).toList();
    /// Everything that can be pushed, in the order in which a file is tried; a new format is a folder and a line here.
    static final Formats FORMATS = new Formats(List.of(new DebFormat(), new DscFormat(), new RpmFormat(),
        new AnyfileFormat()), List.of(new AptLayout(), new RpmLayout(), new AnyfileLayout()));
    private static final Duration BETWEEN_COLLECTIONS = Duration.ofMinutes(30);
    /// Of 256 parts: the whole store once in sixteen hours.
    private static final int UNNAMED_AT_A_TIME = 8;

    private final Notices notices;
    private final RepositoryKeys keys;
    private final KeyKeeper keyKeeper;
    private final EventKeeper eventKeeper;
    private final IndexWorker worker;
    private final Runnable aptDefault;
    private final Collector collector;
    private final Retention retention;
    private final UnnamedBlobs unnamedBlobs;
    private final RepairRoutes repairs;
    private final Transports transports;
    private final WebhookSender webhookSender;
    private final RingChannels rings;
    private final RepositoryReader reader;
    private final UsageLog usageLog;
    private final UsageReader usage;
    private final RepositoryTokens tokens;
    private final PackageListing listing;
    private final PackageLists lists;
    private final Standby standby;
    private final List<Route> routes;
    private final List<Runnable> endings = new ArrayList<>();

    public RepositoryFeature(Database database, Notices notices, BlobStore blobs, MasterKey masterKey,
        MeterRegistry registry, InstantSource clock, RepositorySettings settings, Delivery delivery) {
        this.notices = notices;
        this.keys = new RepositoryKeys(database, masterKey, clock, settings.host(), settings.spareKeys(),
            settings.clockSkew());
        this.keyKeeper = new KeyKeeper(database, keys, registry, clock);
        var meters = new RepositoryMeters(registry);
        var catalog = DistributionCatalog.load();
        var added = new AddedDistributions(database, catalog, clock);
        added.show();
        notices.subscribe(AddedDistributions.CHANGED, _ -> added.show());
        this.tokens = new RepositoryTokens(database, masterKey, clock);
        var repositories = new Repositories(database, keys, tokens, clock);
        this.lists = new PackageLists(database);
        var packages = new Packages(database, blobs, clock, FORMATS);
        var publisher = new ChannelPublisher(database, blobs, keys.signer(), clock, settings.host(), FORMATS);
        this.worker = new IndexWorker(database, publisher::publish, meters, clock, settings.indexThreads());
        this.aptDefault = () -> AptDefault.set(database, settings.validFor(), clock.instant());
        this.collector = new Collector(database, blobs, clock);
        this.unnamedBlobs = new UnnamedBlobs(database, blobs, clock);
        this.repairs = new RepairRoutes(database, new Repair(database, blobs, FORMATS, clock), clock);
        this.rings = new RingChannels(database, repositories, clock, FORMATS);
        this.reader = new RepositoryReader(repositories, packages, lists, catalog);
        this.usageLog = new UsageLog(database, registry, clock, settings.statisticsKept());
        this.usage = new UsageReader(database);
        var fetches = new FetchLog(usageLog, clock);
        this.listing = new PackageListing(database);
        var finder = new PackageFinder(catalog, lists);
        var access = new RepositoryAccess(repositories);
        var packageKeys = new PackageKeys(database, clock);
        var policies = new PackagePolicies(database, packageKeys, blobs, FORMATS);
        var intake = new Intake(catalog, FORMATS, policies, blobs);
        var mavenFiles = new MavenFiles(database, blobs, clock);
        var publicKeys = new PublicKeyRoutes(access, keys, packageKeys);
        var indexes = new IndexReader(database, blobs, FORMATS);
        this.standby = new Standby(database, keys, indexes, meters);
        var pool = new PoolReader(database, clock);
        this.transports = new Transports(settings.telling(), clock);
        var webhooks = new Webhooks(database, masterKey, new EventsForWebhooks(database), transports, clock);
        this.webhookSender = new WebhookSender(webhooks, transports, registry, "repositories");
        var withdrawals = new Withdrawals(database, pool, clock);
        this.retention = new Retention(database, withdrawals, clock);
        var promotion = new Promotion(database, FORMATS, policies, clock);
        var events = new RepositoryEvents(database);
        this.eventKeeper = new EventKeeper(events, registry, clock);
        this.routes = PrivatePaths.with(EventKeeper.noting(Stream.of(
            new RepositoryRoutes(repositories, access, catalog, tokens, usage, clock).routes(),
            new PackagePolicyRoutes(access, policies).routes(),
            new PushRoutes(access, intake, packages, new JarPush(mavenFiles), tokens, blobs, meters, clock,
                settings.maxPackageBytes()).routes(),
            new ImportRoutes(access, intake, packages, blobs, meters, clock, settings.maxPackageBytes()).routes(),
            new PackageRoutes(access, new PackageFilter(catalog), finder, lists, tokens, usage).routes(),
            new ChannelRoutes(access, catalog, FORMATS, indexes, pool, delivery, fetches, standby,
                clock).routes(),
            new DownloadRoutes(access, catalog, packages, delivery, fetches, standby, clock).routes(),
            new MoveRoutes(access, repositories, catalog, withdrawals, promotion, tokens).routes(),
            new CareRoutes(access, repositories, catalog, packages, withdrawals, promotion, tokens).routes(),
            new RetentionRoutes(access, retention).routes(),
            new WebhookRoutes(webhooksOf(access), webhooks, transports).routes(),
            new MavenRoutes(access, mavenFiles, blobs, settings.maxPackageBytes()).routes(),
            new StatisticsRoutes(access, catalog, finder, usage, clock).routes(),
            new SourceContentsRoutes(access, blobs).routes(),
            new AptOptionsRoutes(access, database, clock).routes(),
            new RebuildRoutes(access, database, clock).routes(), repairs.routes(),
            new KeyRoutes(access, keys, clock).routes(),
            publicKeys.routes().stream().map(standby::alsoKey).toList(),
            new EventRoutes(access, events).routes(),
            new TokenRoutes(access, tokens).routes(),
            new DistributionRoutes(added).routes(),
            new InstallRoutes(access, tokens, publicKeys::packageKeyNames, () -> Json.read(catalog.json()), fetches)
                .routes()).flatMap(List::stream).toList()));
    }

    private static WebhookRoutes.Place webhooksOf(RepositoryAccess access) {
        return new WebhookRoutes.Place("/api/repositories/{owner}/{repo}/webhooks", Permission.MANAGE_REPOSITORY,
            call -> EventLog.Owner.ofRepository(access.readable(call).orElseThrow(() ->
                new Refused(404, "unknown_repository", "there is no such repository")).id()),
            new TreeSet<>(), new TreeSet<>(), WebhookRoutes.Audit.NONE);
    }

    public List<Route> routes() {
        return routes;
    }

    public RingChannels rings() {
        return rings;
    }

    public RepositoryReader reader() {
        return reader;
    }

    /// Downloads and installs; whoever calls it has to ask who reads.
    public UsageReader usage() {
        return usage;
    }

    /// Master and read tokens, for whoever has to know whom a token stands for.
    public OtherTokens tokens() {
        return tokens;
    }

    /// Lists of packages for people; whoever calls it has to ask who reads.
    public PackageListing listing() {
        return listing;
    }

    /// Why this process cannot sign now, if so.
    public Optional<String> signingProblem() {
        return keys.signer().problem();
    }

    /// What is served while the database is away.
    public Standby standby() {
        return standby;
    }

    /// Begins to keep what public channels show; for a process with the role WEB.
    public void startStandby() {
        standby.start();
    }

    /// Begins to do the repairs that somebody asks for; for a process with the role WEB.
    public void startRepairs() {
        Recurring looking = Recurring.start("repair", Duration.ZERO, Duration.ZERO, repairs::look);
        endings.add(looking::close);
    }

    /// Begins to make spare keys; for a process that may create repositories.
    public void startKeys() {
        tokens.makeMissing();
        keys.refillInBackground();
    }

    /// Begins to publish and to collect; for a process with the role INDEX.
    public void startIndexing() {
        AutoCloseable hearing = notices.subscribe(Packages.WORK, _ -> worker.wake());
        aptDefault.run();
        worker.start();
        List<Recurring> recurring = List.of(
            tidying("retention", retention::apply), tidying("collector", collector::collect),
            tidying("store-sweep", collector::sweepStore),
            tidying("unnamed-blobs", () -> unnamedBlobs.sweep(UNNAMED_AT_A_TIME)),
            tidying("old-statistics", usageLog::forgetOld), tidying("package-tallies", lists::gatherTallies),
            Recurring.start("key-keeper", Duration.ZERO, KeyKeeper.BETWEEN_LOOKS, keyKeeper::look),
            Recurring.start("event-keeper", Duration.ZERO, EventKeeper.BETWEEN_LOOKS, eventKeeper::look));
        List<Recurring> telling = webhookSender.start("webhooks");
        endings.add(() -> {
            try {
                hearing.close();
            } catch (Exception broken) {
                LOG.warn("could not stop listening for work: {}", broken.toString());
            }
            worker.close();
            recurring.forEach(Recurring::close);
            telling.forEach(Recurring::close);
            transports.close();
        });
    }

    private static Recurring tidying(String name, Recurring.Work work) {
        return Recurring.start(name, BETWEEN_COLLECTIONS, BETWEEN_COLLECTIONS, work);
    }

    /// Yanks now what repositories need not keep, as it is done from time to time; how many packages.
    int applyRetention() {
        return retention.apply();
    }

    /// Sees to the keys now, as it is done from time to time.
    void lookAtKeys() {
        keyKeeper.look();
    }

    /// Stops the background work; a generation that is being made is finished first, and what was counted is written.
    @Override
    public void close() {
        endings.forEach(Runnable::run);
        standby.close();
        usageLog.close();
    }
}
