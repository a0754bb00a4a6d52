package cambium.server.access;

import cambium.server.sql.Database;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import org.jooq.Record;

/// The tokens in PostgreSQL, by their SHA-256.
final class TokenStore {
    private static final String COLUMNS = """
            select t.id, t.sha256, least(t.expires_at, i.rights_until) as expires_at, t.permissions,
                coalesce(a.name, t.name) as name,
                array(select r.role from account_role r where r.account_id = t.account_id) as roles,
                array(select unnest(d.permissions) from account_role r join access_role d on d.name = r.role
                    where r.account_id = t.account_id) as of_roles
            from access_token t left join account a on a.id = t.account_id
                left join account_identity i on i.account_id = a.id
            """;
    /// What the key is asked for that proves which one it is.
    static final String PROOF = "proof";
    private static final String ADMINISTRATOR = "administrator";

    private final Database database;
    private final BySha256<Known> bySha256;

    TokenStore(Database database) {
        this.database = database;
        this.bySha256 = new BySha256<>(database, (sql, hashes) ->
                sql.fetch(COLUMNS + "where t.sha256 = any(?::bytea[])", (Object) hashes), TokenStore::known);
    }

    /// A token that exists: its row, whom it stands for, and when it ends.
    record Known(long id, Actor actor, Optional<Instant> expiresAt) {
        boolean holdsAt(Instant now) {
            return expiresAt.isEmpty() || now.isBefore(expiresAt.get());
        }
    }

    Optional<Known> bySecret(AccessToken token) {
        return bySha256.find(token.sha256());
    }

    Optional<Known> byId(long id) {
        return database.read(sql -> sql.fetchOptional(COLUMNS + "where t.id = ?", id)).map(TokenStore::known);
    }

    boolean exists(String name) {
        return database.read(sql -> sql.fetchOptional(
                "select 1 from access_token where name = ? and account_id is null", name)).isPresent();
    }

    /// Makes `token` the only one of that name; a row that already holds it stays, with its sessions.
    void replace(String name, AccessToken token, Instant now) {
        var permissions = Arrays.stream(Permission.values()).map(Enum::name).toArray(String[]::new);
        database.transact(sql -> {
            sql.execute("delete from access_token where name = ? and account_id is null and sha256 <> ?",
                    name, token.sha256());
            return sql.execute("insert into access_token (name, sha256, permissions, created_at) "
                    + "values (?, ?, ?, ?::timestamptz) on conflict (sha256) do nothing",
                    name, token.sha256(), permissions, now.atOffset(ZoneOffset.UTC));
        });
    }

    /// Notes that a link was used; false where it was before.
    boolean use(String ticket, Instant until, Instant now) {
        return database.transact(sql -> {
            sql.execute("delete from access_ticket_used where expires_at < ?::timestamptz",
                    now.atOffset(ZoneOffset.UTC));
            return sql.execute("insert into access_ticket_used (ticket, expires_at) values (?, ?::timestamptz) "
                    + "on conflict do nothing", ticket, until.atOffset(ZoneOffset.UTC)) == 1;
        });
    }

    /// Keeps `proof` at first; afterwards says whether it is the same.
    boolean provesTheSameKey(byte[] proof) {
        database.transact(sql ->
                sql.execute("insert into access_master_key (proof) values (?) on conflict do nothing", (Object) proof));
        var kept = database.read(sql -> sql.fetchOne("select proof from access_master_key"));
        return kept != null && MessageDigest.isEqual(proof, kept.get("proof", byte[].class));
    }

    private static Known known(Record row) {
        var own = row.get("permissions", String[].class);
        var everything = Arrays.asList(row.get("roles", String[].class)).contains(ADMINISTRATOR);
        var permissions = everything ? EnumSet.allOf(Permission.class)
                : named(own == null ? row.get("of_roles", String[].class) : own);
        return new Known(row.get("id", Long.class), new Actor(row.get("name", String.class), permissions),
                Optional.ofNullable(row.get("expires_at", Instant.class)));
    }

    /// A name that this program does not know gives nothing: a newer one may have written it.
    private static EnumSet<Permission> named(String[] names) {
        var permissions = EnumSet.noneOf(Permission.class);
        for (var permission : Permission.values()) {
            if (Arrays.asList(names).contains(permission.name())) {
                permissions.add(permission);
            }
        }
        return permissions;
    }
}
