package cambium.server.repository;

import cambium.server.repository.key.RepositoryKeys;
import cambium.server.repository.token.RepositoryTokens;
import cambium.server.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Creates and finds repositories. Names are compared exactly.
final class Repositories {
    private static final String COLUMNS = "select id, owner, name, private, created_at from repository ";

    private final Database database;
    private final RepositoryKeys keys;
    private final RepositoryTokens tokens;
    private final InstantSource clock;
    private final ShortMemory<RepositoryName, StoredRepository> memory;

    Repositories(Database database, RepositoryKeys keys, RepositoryTokens tokens, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.tokens = tokens;
        this.clock = clock;
        this.memory = new ShortMemory<>(clock);
    }

    /// Creates a repository with a signing key of its own; empty when the name is taken.
    Optional<StoredRepository> create(RepositoryName name, boolean isPrivate) {
        if (find(name).isPresent()) {
            return Optional.empty();
        }
        keys.ensureOne();
        Optional<StoredRepository> created = database.transact(sql -> {
            var id = sql.fetchOptional("""
                insert into repository (owner, name, private, created_at) values (?, ?, ?, ?::timestamptz)
                on conflict do nothing returning id""", name.owner(), name.name(), isPrivate, clock.instant());
            id.ifPresent(row -> {
                keys.assign(sql, row.get("id", Long.class), name.toString());
                tokens.makeFirst(sql, row.get("id", Long.class), isPrivate);
            });
            return id.isEmpty() ? Optional.empty() : find(sql, name);
        });
        if (created.isPresent()) {
            keys.refillInBackground();
        }
        return created;
    }

    /// A repository never changes, so what was found a second ago holds.
    Optional<StoredRepository> find(RepositoryName name) {
        return memory.get(name, () -> database.read(sql -> find(sql, name)));
    }

    private static Optional<StoredRepository> find(DSLContext sql, RepositoryName name) {
        return sql.fetchOptional(COLUMNS + "where owner = ? and name = ?", name.owner(), name.name())
            .map(Repositories::repository);
    }

    /// All repositories by name, `limit` from `offset` on.
    List<StoredRepository> list(int offset, int limit) {
        return database.read(sql -> sql.fetch(COLUMNS + "order by owner, name limit ? offset ?", limit, offset)
            .map(Repositories::repository));
    }

    int count() {
        return database.read(sql -> sql.fetchSingle("select count(*) as n from repository").get("n", Integer.class));
    }

    /// The fingerprint of the key in use.
    String fingerprint(long repositoryId) {
        return keys.active(repositoryId).getFirst().fingerprint();
    }

    /// How many packages a repository shows, and when the last came.
    record Figures(long packages, Optional<Instant> lastPush) {}

    Figures figures(long repositoryId) {
        return database.read(sql -> {
            var row = sql.fetchSingle("""
                select (select coalesce(sum(t.change), 0) from suite s join package_tally t on t.suite_id = s.id
                        where s.repository_id = r.id) as packages,
                    (select max(last.uploaded_at) from suite s cross join lateral (
                        select uploaded_at from package where suite_id = s.id and deleted_at is null
                        order by uploaded_at desc limit 1) last where s.repository_id = r.id) as last_push
                from (select ?::bigint as id) r""", repositoryId);
            return new Figures(row.get("packages", Long.class),
                Optional.ofNullable(row.get("last_push", Instant.class)));
        });
    }

    private static StoredRepository repository(Record row) {
        return new StoredRepository(row.get("id", Long.class),
            new RepositoryName(row.get("owner", String.class), row.get("name", String.class)),
            row.get("private", Boolean.class), row.get("created_at", Instant.class));
    }
}
