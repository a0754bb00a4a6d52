package cambium.server.repository.token;

import cambium.server.access.Access;
import cambium.server.access.Actor;
import cambium.server.access.BySha256;
import cambium.server.access.MasterKey;
import cambium.server.access.OtherTokens;
import cambium.server.access.RepositoryToken;
import cambium.server.access.SealedColumn;
import cambium.server.access.SealedTokens;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jooq.DSLContext;
import org.jooq.Record;

/// The tokens of repositories in PostgreSQL: found by SHA-256, shown again by what is sealed with the master key.
/// Every repository has a master token `default`; deleting it gives it another value. Tokens are named uniquely: master
/// tokens in their repository, read tokens below their master token.
public final class RepositoryTokens implements OtherTokens {
    /// What of this folder's tables the master key has sealed.
    public static final List<SealedColumn> SEALED = List.of(
        new SealedColumn("master_token", "sealed", RepositoryTokens.PURPOSE),
        new SealedColumn("read_token", "sealed", RepositoryTokens.PURPOSE));
    static final String DEFAULT = "default";
    static final String WEB_DOWNLOADS = "web-downloads";
    private static final String PURPOSE = "repository-token";
    private static final int MAX_SHOWN = 10_000;

    private final Database database;
    private final SealedTokens seals;
    private final InstantSource clock;
    private final BySha256<Actor> bySha256;

    public RepositoryTokens(Database database, MasterKey masterKey, InstantSource clock) {
        this.database = database;
        this.seals = new SealedTokens(masterKey, PURPOSE);
        this.clock = clock;
        this.bySha256 = new BySha256<>(database, (sql, hashes) -> sql.fetch("""
            select m.repository_id, m.id as master_id, null::bigint as read_id, m.name, m.sha256 from master_token m
            where m.sha256 = any(?::bytea[])
            union all
            select m.repository_id, m.id, r.id, r.name, r.sha256 from read_token r
            join master_token m on m.id = r.master_token_id where r.sha256 = any(?::bytea[])""", hashes, hashes),
            row -> Actor.holding(token(row)));
    }

    @Override
    public Optional<Actor> bySha256(byte[] sha256) {
        return bySha256.find(sha256);
    }

    private static RepositoryToken token(Record row) {
        Optional<Long> readId = Optional.ofNullable(row.get("read_id", Long.class));
        return new RepositoryToken(
            readId.isPresent() ? RepositoryToken.Kind.READ : RepositoryToken.Kind.MASTER,
            row.get("repository_id", Long.class), row.get("master_id", Long.class),
            readId.map(OptionalLong::of).orElseGet(OptionalLong::empty), row.get("name", String.class));
    }

    /// Gives a new repository its first tokens, in the transaction that creates it.
    public void makeFirst(DSLContext sql, long repositoryId, boolean isPrivate) {
        insertMaster(sql, repositoryId, DEFAULT);
        if (isPrivate) {
            insertWebDownloads(sql, repositoryId);
        }
    }

    /// Gives those to all repositories that were there before tokens were.
    public void makeMissing() {
        String without = " not exists (select 1 from master_token m where m.repository_id = r.id and m.name = ?)";
        database.transact(sql -> {
            sql.fetch("select id from repository r where" + without, DEFAULT)
                .forEach(row -> insertMaster(sql, row.get("id", Long.class), DEFAULT));
            return sql.fetch("select id from repository r where private and" + without, WEB_DOWNLOADS)
                .map(row -> insertWebDownloads(sql, row.get("id", Long.class)));
        });
    }

    private Optional<StoredToken> insertWebDownloads(DSLContext sql, long repositoryId) {
        return insertMaster(sql, repositoryId, WEB_DOWNLOADS)
            .map(master -> readNamed(sql, master.id(), WEB_DOWNLOADS));
    }

    /// All master tokens of a repository by age.
    List<StoredToken> masters(long repositoryId) {
        return database.read(sql -> sql.fetch("select id, name, sealed from master_token where repository_id = ? "
            + "order by id limit ?", repositoryId, MAX_SHOWN).map(this::stored));
    }

    /// One of them by its id or its value.
    public Optional<StoredToken> master(long repositoryId, String idOrValue) {
        return database.read(sql -> master(sql, repositoryId, idOrValue));
    }

    private Optional<StoredToken> master(DSLContext sql, long repositoryId, String idOrValue) {
        String columns = "select id, name, sealed from master_token where repository_id = ? and ";
        if (SealedTokens.isWellFormed(idOrValue)) {
            return sql.fetchOptional(columns + "sha256 = ?", repositoryId, SealedTokens.sha256(idOrValue))
                .map(this::stored);
        }
        return id(idOrValue).flatMap(id -> sql.fetchOptional(columns + "id = ?", repositoryId, id).map(this::stored));
    }

    public StoredToken defaultMaster(long repositoryId) {
        return database.read(sql -> sql.fetchOptional("select id, name, sealed from master_token "
            + "where repository_id = ? and name = ?", repositoryId, DEFAULT).map(this::stored))
            .orElseGet(() -> database.transact(sql -> masterNamed(sql, repositoryId, DEFAULT)));
    }

    /// Makes one; empty when the name is taken.
    Optional<StoredToken> createMaster(long repositoryId, String name) {
        return database.transact(sql -> insertMaster(sql, repositoryId, name));
    }

    /// Revokes a master token and all its read tokens; those that a repository always has keep their place and get
    /// other values. False when there is none.
    boolean deleteMaster(long repositoryId, String idOrValue) {
        return database.transact(sql -> master(sql, repositoryId, idOrValue).map(token -> {
            switch (token.name()) {
                case DEFAULT -> renew(sql, token);
                case WEB_DOWNLOADS -> {
                    renew(sql, token);
                    readNamed(sql, token.id(), WEB_DOWNLOADS);
                }
                default -> sql.execute("delete from master_token where id = ?", token.id());
            }
            Notices.notify(sql, Access.TAKEN_BACK, "");
            return token;
        }).isPresent());
    }

    /// Under the same id, since clients keep the address of a token and take the first of the list for the default one.
    private void renew(DSLContext sql, StoredToken master) {
        SealedTokens.Fresh fresh = seals.fresh();
        sql.execute("update master_token set sha256 = ?, sealed = ?, created_at = ?::timestamptz where id = ?",
            fresh.sha256(), fresh.sealed(), clock.instant(), master.id());
        sql.execute("delete from read_token where master_token_id = ?", master.id());
    }

    /// The read tokens below a master token by age.
    List<StoredToken> reads(long masterId) {
        return database.read(sql -> sql.fetch("select id, name, sealed from read_token where master_token_id = ? "
            + "order by id limit ?", masterId, MAX_SHOWN).map(this::stored));
    }

    Optional<StoredToken> read(long masterId, String idOrValue) {
        return database.read(sql -> read(sql, masterId, idOrValue));
    }

    private Optional<StoredToken> read(DSLContext sql, long masterId, String idOrValue) {
        String columns = "select id, name, sealed from read_token where master_token_id = ? and ";
        if (SealedTokens.isWellFormed(idOrValue)) {
            return sql.fetchOptional(columns + "sha256 = ?", masterId, SealedTokens.sha256(idOrValue))
                .map(this::stored);
        }
        return id(idOrValue).flatMap(id -> sql.fetchOptional(columns + "id = ?", masterId, id).map(this::stored));
    }

    /// False when there is none. That of download addresses gets another value at once.
    boolean deleteRead(long masterId, String idOrValue) {
        return database.transact(sql -> read(sql, masterId, idOrValue).map(token -> {
            sql.execute("delete from read_token where id = ?", token.id());
            if (token.name().equals(WEB_DOWNLOADS)) {
                sql.fetchOptional("select id from master_token where id = ? and name = ?", masterId, WEB_DOWNLOADS)
                    .ifPresent(_ -> readNamed(sql, masterId, WEB_DOWNLOADS));
            }
            Notices.notify(sql, Access.TAKEN_BACK, "");
            return token;
        }).isPresent());
    }

    /// The read token of that name, made when it is new; empty when the master token is gone.
    public Optional<StoredToken> readNamed(long masterId, String name) {
        return database.transact(sql -> {
            // Held until the end, so that a revocation meanwhile waits and then takes the new read token with it.
            if (sql.fetchOptional("select 1 from master_token where id = ? for share", masterId).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(readNamed(sql, masterId, name));
        });
    }

    private StoredToken readNamed(DSLContext sql, long masterId, String name) {
        String find = "select id, name, sealed from read_token where master_token_id = ? and name = ?";
        return sql.fetchOptional(find, masterId, name).map(this::stored).orElseGet(() -> {
            SealedTokens.Fresh fresh = seals.fresh();
            sql.execute("insert into read_token (master_token_id, name, sha256, sealed, created_at) "
                + "values (?, ?, ?, ?, ?::timestamptz) on conflict (master_token_id, name) do nothing",
                masterId, name, fresh.sha256(), fresh.sealed(), clock.instant());
            return stored(sql.fetchSingle(find, masterId, name));
        });
    }

    /// The value that download addresses of a private repository carry. It is made with the repository.
    public Optional<String> webDownloads(long repositoryId) {
        return database.read(sql -> sql.fetchOptional("""
            select r.id, r.name, r.sealed from read_token r join master_token m on m.id = r.master_token_id
            where m.repository_id = ? and m.name = ? and r.name = ?""", repositoryId, WEB_DOWNLOADS, WEB_DOWNLOADS)
            .map(this::stored)).map(StoredToken::value);
    }

    private StoredToken masterNamed(DSLContext sql, long repositoryId, String name) {
        return insertMaster(sql, repositoryId, name).orElseGet(() -> stored(sql.fetchSingle(
            "select id, name, sealed from master_token where repository_id = ? and name = ? for share",
            repositoryId, name)));
    }

    private Optional<StoredToken> insertMaster(DSLContext sql, long repositoryId, String name) {
        SealedTokens.Fresh fresh = seals.fresh();
        return sql.fetchOptional("insert into master_token (repository_id, name, sha256, sealed, created_at) "
            + "values (?, ?, ?, ?, ?::timestamptz) on conflict (repository_id, name) do nothing returning id",
            repositoryId, name, fresh.sha256(), fresh.sealed(), clock.instant())
            .map(row -> new StoredToken(row.get("id", Long.class), name, fresh.value()));
    }

    private StoredToken stored(Record row) {
        return new StoredToken(row.get("id", Long.class), row.get("name", String.class),
            seals.open(row.get("sealed", byte[].class)));
    }

    private static Optional<Long> id(String text) {
        return Optional.of(text).filter(digits -> digits.matches("[0-9]{1,18}")).map(Long::parseLong);
    }
}
