package cambium.server.access;

import cambium.server.access.openid.Person;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/// The accounts of people whom an OpenID provider vouches for: made at their first sign-in, given their roles anew at
/// each.
final class IdentityStore {
    private final Database database;

    IdentityStore(Database database) {
        this.database = database;
    }

    /// What letting somebody in can end in.
    sealed interface Entered {
        /// The name of the account.
        record In(String name) implements Entered {}

        /// No role: nobody new is made, and who was known has neither roles nor sessions any more.
        record NoRole() implements Entered {}

        /// Somebody new has the name of an account that is another's, and nothing was made.
        record NameTaken(String name) implements Entered {}
    }

    /// `name` counts for somebody new only: a person who is called otherwise later keeps it, as it stands in logs.
    Entered enter(Person person, String name, List<String> roles, Instant now, Instant rightsUntil) {
        return database.transact(sql -> {
            var known = find(sql, person);
            if (roles.isEmpty()) {
                known.ifPresent(id -> dismiss(sql, id));
                return new Entered.NoRole();
            }
            // Who signs in twice at once waits at the name, and is found then.
            var id = known.or(() -> add(sql, person, name, now, rightsUntil)).or(() -> find(sql, person));
            if (id.isEmpty()) {
                return new Entered.NameTaken(name);
            }
            sql.execute("update account_identity set signed_in_at = ?::timestamptz, rights_until = ?::timestamptz "
                    + "where account_id = ?", now.atOffset(ZoneOffset.UTC), rightsUntil.atOffset(ZoneOffset.UTC),
                    id.get());
            AccountStore.giveOnly(sql, id.get(), roles);
            return new Entered.In(sql.fetchSingle("select name from account where id = ?", id.get())
                    .get("name", String.class));
        });
    }

    /// Those of them that no role here is called.
    List<String> unknown(Collection<String> roles) {
        return database.read(sql -> roles.stream().filter(role -> !AccountStore.areRoles(sql, List.of(role))).toList());
    }

    private static Optional<Long> find(DSLContext sql, Person person) {
        return sql.fetchOptional("select account_id from account_identity where issuer = ? and subject = ? for update",
                person.issuer(), person.subject()).map(row -> row.get("account_id", Long.class));
    }

    private static Optional<Long> add(DSLContext sql, Person person, String name, Instant now, Instant rightsUntil) {
        var id = sql.fetchOptional("insert into account (name, created_at) values (?, ?::timestamptz) "
                + "on conflict do nothing returning id", name, now.atOffset(ZoneOffset.UTC))
                .map(row -> row.get("id", Long.class));
        id.ifPresent(fresh -> sql.execute("insert into account_identity (account_id, issuer, subject, signed_in_at, "
                + "rights_until) values (?, ?, ?, ?::timestamptz, ?::timestamptz)", fresh, person.issuer(),
                person.subject(), now.atOffset(ZoneOffset.UTC), rightsUntil.atOffset(ZoneOffset.UTC)));
        return id;
    }

    private static void dismiss(DSLContext sql, long id) {
        AccountStore.giveOnly(sql, id, List.of());
        sql.execute("delete from access_token where account_id = ? and kind = 'session'", id);
        Notices.notify(sql, Access.TAKEN_BACK, "");
    }
}
