package cambium.server.fleet.pull;

import cambium.rollout.CellId;
import cambium.server.access.Actor;
import cambium.server.access.BySha256;
import cambium.server.access.OtherTokens;
import cambium.server.access.SealedTokens;
import cambium.server.sql.Database;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;

/// The token of each cell, by its SHA-256: it lets report for that cell, and nothing else.
public final class CellTokens implements OtherTokens {
    private final Database database;
    private final InstantSource time;
    private final BySha256<Actor> bySha256;

    public CellTokens(Database database, InstantSource time) {
        this.database = database;
        this.time = time;
        this.bySha256 = new BySha256<>(database, (sql, hashes) -> sql.fetch(
                "select cell, sha256 from fleet_cell_token where sha256 = any(?::bytea[])", (Object) hashes),
                row -> Actor.ofCell(row.get("cell", String.class)));
    }

    /// Gives the cell a token of that value in place of the one it had.
    void replace(CellId cell, String token, String by) {
        database.transact(sql -> sql.execute("""
            insert into fleet_cell_token (cell, sha256, made_by, made_at) values (?, ?, ?, ?::timestamptz)
            on conflict (cell) do update set sha256 = excluded.sha256, made_by = excluded.made_by,
                made_at = excluded.made_at""",
            cell.toString(), SealedTokens.sha256(token), by, time.instant().atOffset(ZoneOffset.UTC)));
    }

    boolean takeBack(CellId cell) {
        return database.transact(sql -> sql.execute("delete from fleet_cell_token where cell = ?", cell.toString()))
                == 1;
    }

    @Override
    public Optional<Actor> bySha256(byte[] sha256) {
        return bySha256.find(sha256);
    }
}
