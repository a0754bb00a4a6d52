package cambium.server.access;

import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Accounts and their tokens in PostgreSQL. What takes a right away tells every process at once.
final class AccountStore {
    /// What `token.json` hands out; asked again, it lasts another year.
    static final String FIRST_TOKEN = "default";
    static final Duration LASTS = Duration.ofDays(365);
    static final int MAX_TOKENS = 100;
    /// What the tokens of accounts are sealed for.
    static final String PURPOSE = "account-token";

    private static final String COLUMNS = """
            select a.id, a.name, a.email, a.created_at, i.issuer, i.subject, i.signed_in_at, i.rights_until,
                array(select r.role from account_role r where r.account_id = a.id order by r.role) as roles
            from account a left join account_identity i on i.account_id = a.id
            """;
    private static final int HASH_BYTES = 32;

    private final Database database;
    private final SealedTokens seals;
    private final RandomGenerator random;

    AccountStore(Database database, SealedTokens seals, RandomGenerator random) {
        this.database = database;
        this.seals = seals;
        this.random = random;
    }

    /// What adding can end in.
    enum Added { ADDED, NAME_TAKEN, UNKNOWN_ROLE }

    List<Account> all() {
        return database.read(sql -> sql.fetch(COLUMNS + "order by a.name").map(AccountStore::account));
    }

    Optional<Account> named(String name) {
        return database.read(sql -> sql.fetchOptional(COLUMNS + "where a.name = ?", name)).map(AccountStore::account);
    }

    Optional<Account> withEmail(String email) {
        return database.read(sql -> sql.fetchOptional(COLUMNS + "where lower(a.email) = ?",
                email.toLowerCase(Locale.ROOT))).map(AccountStore::account);
    }

    String passwordHash(Account account) {
        return database.read(sql -> sql.fetchSingle("select password from account where id = ?", account.id()))
                .get("password", String.class);
    }

    Added add(String name, String email, String passwordHash, List<String> roles, Instant now) {
        return database.transact(sql -> {
            if (!areRoles(sql, roles)) {
                return Added.UNKNOWN_ROLE;
            }
            var id = sql.fetchOptional("insert into account (name, email, password, created_at) "
                    + "values (?, ?, ?, ?::timestamptz) on conflict do nothing returning id",
                    name, email, passwordHash, now.atOffset(ZoneOffset.UTC)).map(row -> row.get("id", Long.class));
            id.ifPresent(fresh -> give(sql, fresh, roles));
            return id.isPresent() ? Added.ADDED : Added.NAME_TAKEN;
        });
    }

    /// False where there is no such account or role.
    boolean changeRoles(String name, List<String> roles) {
        return database.transact(sql -> {
            var id = sql.fetchOptional("select id from account where name = ? for update", name);
            if (id.isEmpty() || !areRoles(sql, roles)) {
                return false;
            }
            giveOnly(sql, id.get().get("id", Long.class), roles);
            return true;
        });
    }

    /// Takes the account away with its tokens and sessions.
    boolean remove(String name) {
        return database.transact(sql -> {
            Notices.notify(sql, Access.TAKEN_BACK, "");
            return sql.execute("delete from account where name = ?", name) == 1;
        });
    }

    /// Ends what was opened with the old password: sessions, and the token that was handed out for it. Tokens that were
    /// made by name stay.
    void changePassword(Account account, String passwordHash) {
        database.transact(sql -> {
            Notices.notify(sql, Access.TAKEN_BACK, "");
            sql.execute("delete from access_token where account_id = ? and (kind = 'session' or name = ?)",
                    account.id(), FIRST_TOKEN);
            return sql.execute("update account set password = ? where id = ?", passwordHash, account.id());
        });
    }

    List<SignInPage.Kept> tokens(Account account) {
        return database.read(sql -> sql.fetch("select name, created_at, expires_at from access_token "
                + "where account_id = ? and kind = 'api' order by name", account.id())
                .map(row -> new SignInPage.Kept(row.get("name", String.class), row.get("created_at", Instant.class),
                        Optional.ofNullable(row.get("expires_at", Instant.class)))));
    }

    /// A new token's value, to be shown once; empty where the name is taken or the account has too many.
    Optional<String> addToken(Account account, String name, Instant now, Instant expires) {
        return database.transact(sql -> {
            sql.execute("select 1 from account where id = ? for update", account.id());
            var there = sql.fetchSingle("select count(*) as n from access_token where account_id = ? and kind = 'api'",
                    account.id()).get("n", Integer.class);
            return there < MAX_TOKENS ? insert(sql, account, name, now, expires) : Optional.empty();
        });
    }

    boolean removeToken(Account account, String name) {
        return database.transact(sql -> {
            Notices.notify(sql, Access.TAKEN_BACK, "");
            return sql.execute("delete from access_token where account_id = ? and kind = 'api' and name = ?",
                    account.id(), name) == 1;
        });
    }

    /// The value of the token for whoever shows the password: the same each time, until it has run out.
    String firstToken(Account account, Instant now) {
        return database.transact(sql -> {
            sql.execute("select 1 from account where id = ? for update", account.id());
            var expires = now.plus(LASTS);
            sql.execute("delete from access_token where account_id = ? and name = ? and expires_at <= ?::timestamptz",
                    account.id(), FIRST_TOKEN, now.atOffset(ZoneOffset.UTC));
            var sealed = sql.fetchOptional("update access_token set expires_at = ?::timestamptz where account_id = ? "
                    + "and kind = 'api' and name = ? and sealed is not null returning sealed",
                    expires.atOffset(ZoneOffset.UTC), account.id(), FIRST_TOKEN);
            return sealed.map(row -> seals.open(row.get("sealed", byte[].class)))
                    .orElseGet(() -> insert(sql, account, FIRST_TOKEN, now, expires).orElseThrow(
                            () -> new IllegalStateException("a first token is there, but its value is not")));
        });
    }

    /// The id of a new session. Old ones are swept on the way. The ID token that it began with is kept sealed.
    long openSession(Account account, Instant now, Instant expires, Optional<String> idToken) {
        var hash = new byte[HASH_BYTES];
        random.nextBytes(hash);
        var sealed = idToken.map(seals::seal).orElse(null);
        return database.transact(sql -> {
            sql.execute("delete from access_token where kind = 'session' and expires_at < ?::timestamptz",
                    now.atOffset(ZoneOffset.UTC));
            return sql.fetchSingle("insert into access_token (name, account_id, kind, sha256, sealed, created_at, "
                    + "expires_at) values ('session', ?, 'session', ?, ?, ?::timestamptz, ?::timestamptz) returning id",
                    account.id(), hash, sealed, now.atOffset(ZoneOffset.UTC), expires.atOffset(ZoneOffset.UTC))
                    .get("id", Long.class);
        });
    }

    /// Ends a session of an account; nothing where the id is that of a token. Answers the ID token that it began with.
    Optional<String> closeSession(long id) {
        return database.transact(sql -> {
            Notices.notify(sql, Access.TAKEN_BACK, "");
            return sql.fetchOptional("delete from access_token where id = ? and kind = 'session' returning sealed", id)
                    .map(row -> row.get("sealed", byte[].class)).map(seals::open);
        });
    }

    private Optional<String> insert(DSLContext sql, Account account, String name, Instant now, Instant expires) {
        var fresh = seals.fresh();
        // Only the first token is ever shown again.
        var sealed = name.equals(FIRST_TOKEN) ? fresh.sealed() : null;
        var rows = sql.execute("insert into access_token (name, account_id, sha256, sealed, created_at, expires_at) "
                + "values (?, ?, ?, ?, ?::timestamptz, ?::timestamptz) on conflict do nothing", name, account.id(),
                fresh.sha256(), sealed, now.atOffset(ZoneOffset.UTC), expires.atOffset(ZoneOffset.UTC));
        return rows == 1 ? Optional.of(fresh.value()) : Optional.empty();
    }

    /// These roles and no others; every process looks at them anew.
    static void giveOnly(DSLContext sql, long id, List<String> roles) {
        sql.execute("delete from account_role where account_id = ?", id);
        give(sql, id, roles);
        Notices.notify(sql, Access.TAKEN_BACK, "");
    }

    private static void give(DSLContext sql, long id, List<String> roles) {
        roles.forEach(role -> sql.execute(
                "insert into account_role (account_id, role) values (?, ?) on conflict do nothing", id, role));
    }

    static boolean areRoles(DSLContext sql, List<String> roles) {
        return roles.stream().allMatch(role ->
                sql.fetchOptional("select 1 from access_role where name = ?", role).isPresent());
    }

    private static Account account(Record row) {
        var identity = Optional.ofNullable(row.get("issuer", String.class)).map(issuer -> new Account.Identity(issuer,
                row.get("subject", String.class), row.get("signed_in_at", Instant.class),
                row.get("rights_until", Instant.class)));
        return new Account(row.get("id", Long.class), row.get("name", String.class),
                Optional.ofNullable(row.get("email", String.class)), identity,
                Arrays.asList(row.get("roles", String[].class)), row.get("created_at", Instant.class));
    }
}
