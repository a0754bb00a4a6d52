package cambium.server.access;

import cambium.server.config.StartRefused;
import cambium.server.sql.Database;
import java.security.MessageDigest;
import java.util.List;
import org.jooq.DSLContext;

/// The change of the master key: seals everything again that the former one has sealed, in one transaction together
/// with the proof, so that a database is always of one key as a whole. What is only signed (sessions, addresses of
/// downloads) ends with the former key.
public final class Resealing {
    private Resealing() {}

    /// Does nothing where it was done before, or where nothing was ever sealed. No other process may be running with
    /// the former key. Returns how many secrets were sealed again.
    public static int change(Database database, MasterKey former, MasterKey key, List<SealedColumn> columns) {
        return database.transact(sql -> {
            var kept = sql.fetchOptional("select proof from access_master_key for update")
                    .map(row -> row.get("proof", byte[].class));
            if (kept.isEmpty() || MessageDigest.isEqual(kept.get(), key.subkey(TokenStore.PROOF))) {
                return 0;
            }
            if (!MessageDigest.isEqual(kept.get(), former.subkey(TokenStore.PROOF))) {
                throw new StartRefused("this database was made with another master key than the one in "
                        + "CAMBIUM_FORMER_MASTER_KEY; nothing was changed");
            }
            sql.execute("update access_master_key set proof = ?", (Object) key.subkey(TokenStore.PROOF));
            return columns.stream().mapToInt(column -> change(sql, former, key, column)).sum();
        });
    }

    private static int change(DSLContext sql, MasterKey former, MasterKey key, SealedColumn column) {
        var rows = sql.fetch("select id, " + column.column() + " as sealed from " + column.table() + " where "
                + column.column() + " is not null order by id for update");
        rows.forEach(row -> sql.execute("update " + column.table() + " set " + column.column() + " = ? where id = ?",
                key.seal(column.purpose(), former.open(column.purpose(), row.get("sealed", byte[].class))),
                row.get("id", Long.class)));
        return rows.size();
    }
}
