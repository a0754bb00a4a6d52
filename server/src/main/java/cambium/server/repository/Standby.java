package cambium.server.repository;

import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.key.RepositoryKeys;
import cambium.server.sql.Database;
import cambium.server.sql.DatabaseFailed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What public channels show now, so that they can be read while the database is away. It is renewed every second from
/// the database, so it is at most a few seconds older than the moment when the database went. Private repositories are
/// never in it: whose token is good cannot be known without the database. It also says whether the database is away,
/// so that readers do not wait for it one by one.
public final class Standby implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Standby.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    /// Of all channels together; the channels that come first keep theirs.
    private static final int MAX_FILES = 500_000;

    private final Database database;
    private final RepositoryKeys keys;
    private final IndexReader indexes;
    private final RepositoryMeters meters;
    private final ExecutorService looking = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Map<IndexReader.Address, Shelf> shelves = Map.of();
    private volatile boolean away;
    private Optional<Thread> watcher = Optional.empty();

    Standby(Database database, RepositoryKeys keys, IndexReader indexes, RepositoryMeters meters) {
        this.database = database;
        this.keys = keys;
        this.indexes = indexes;
        this.meters = meters;
    }

    /// Whether the database did not answer the last time it was asked.
    public boolean isAway() {
        return away;
    }

    /// What the database says, or what is kept where it is away; else the answer is 503, for a private repository as
    /// for a missing one.
    <T> T either(Supplier<T> asked, Supplier<Optional<T>> kept) {
        if (away) {
            return kept.get().orElseThrow(() -> new Refused(503, "database_unavailable",
                "the database does not answer; try again soon"));
        }
        try {
            return asked.get();
        } catch (DatabaseFailed failed) {
            return kept.get().orElseThrow(() -> failed);
        }
    }

    /// What is kept of a channel; empty for one that is private, unknown, or without a generation.
    Optional<Shelf> shelf(IndexReader.Address address) {
        return Optional.ofNullable(shelves.get(address));
    }

    /// The same route; that of a repository's public key is also answered without the database.
    Route alsoKey(Route asked) {
        return !asked.path().endsWith("/gpgkey") ? asked
            : new Route(asked.method(), asked.path(), asked.role(), asked.permission(), call ->
                either(() -> handled(asked, call), () -> RepositoryName.of(call.param("owner"), call.param("repo"))
                    .flatMap(this::key).map(key -> Answer.text(200, key).with("Cache-Control", "public, no-cache"))));
    }

    private static Answer handled(Route route, Call call) {
        try {
            return route.handler().handle(call);
        } catch (RuntimeException refused) {
            throw refused;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Optional<String> key(RepositoryName repository) {
        return shelves.values().stream().filter(shelf -> shelf.channel().repository().equals(repository))
            .map(Shelf::key).findFirst();
    }

    void start() {
        watcher = Optional.of(Thread.ofVirtual().name("standby").start(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    look();
                    Thread.sleep(BETWEEN_LOOKS);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /// A stopped database takes connections and says nothing; interrupting the asking thread closes its connection.
    private void look() throws InterruptedException {
        Future<Map<IndexReader.Address, Shelf>> asked = looking.submit(this::load);
        try {
            // Filling it for the first time may take long; later only what changed is read.
            Duration patience = shelves.isEmpty() ? PATIENCE.multipliedBy(10) : PATIENCE;
            shelves = asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            meters.standbyRenewed();
            if (away) {
                LOG.info("the database answers again");
            }
            away = false;
        } catch (ExecutionException | TimeoutException failed) {
            asked.cancel(true);
            if (!away) {
                LOG.error("the database does not answer; public channels are served as they were: {}",
                    failed.toString());
            }
            away = true;
        }
    }

    private Map<IndexReader.Address, Shelf> load() {
        Map<IndexReader.Address, Shelf> before = shelves;
        var now = new HashMap<IndexReader.Address, Shelf>();
        int files = 0;
        for (ChannelRow channel : database.read(ChannelRow::published)) {
            var address = new IndexReader.Address(channel.repository(), channel.suite().distribution(),
                channel.suite().codename(), channel.ring());
            Optional<Shelf> kept = Optional.ofNullable(before.get(address))
                .filter(shelf -> shelf.channel().id() == channel.id());
            int left = MAX_FILES - files;
            Shelf shelf = kept.filter(known -> known.channel().generation() == channel.generation())
                .orElseGet(() -> renewed(channel, kept, left));
            files += shelf.files();
            now.put(address, shelf);
        }
        return now;
    }

    private Shelf renewed(ChannelRow channel, Optional<Shelf> kept, int left) {
        String key = keys.publicKeys(channel.repositoryId());
        Optional<Shelf> before = kept.filter(known -> known.channel().nextPlace() <= channel.nextPlace());
        return database.read(sql -> Shelf.load(sql, indexes, channel, key, before, left));
    }

    @Override
    public void close() {
        watcher.ifPresent(Thread::interrupt);
        looking.shutdownNow();
    }
}
