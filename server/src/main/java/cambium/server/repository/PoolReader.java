package cambium.server.repository;

import cambium.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jooq.DSLContext;

/// Finds the file behind a path of the pool. A channel's pool holds what was admitted to that channel; what left it
/// stays for a day, since clients may hold an index that still names it; what is in quarantine does not.
final class PoolReader {
    static final Duration STAYS_AFTER_REMOVAL = Duration.ofHours(24);

    private final Database database;
    private final ShortMemory<Asked, PoolFile> memory;

    PoolReader(Database database, InstantSource clock) {
        this.database = database;
        this.memory = new ShortMemory<>(clock);
    }

    private record Asked(IndexReader.Address address, String poolPath) {}

    /// May be a second old, except for what this process has withdrawn itself.
    Optional<PoolFile> find(IndexReader.Address address, String poolPath, Instant now) {
        return memory.get(new Asked(address, poolPath), () -> look(address, poolPath, now));
    }

    /// After a package was withdrawn.
    void forget() {
        memory.forget();
    }

    private Optional<PoolFile> look(IndexReader.Address address, String poolPath, Instant now) {
        return database.read(sql -> ChannelRow.find(sql, address.repository(), address.distribution(),
            address.codename(), address.ring()).flatMap(channel -> find(sql, channel, poolPath, now)));
    }

    private static Optional<PoolFile> find(DSLContext sql, ChannelRow channel, String poolPath, Instant now) {
        return sql.fetchOptional("""
            select f.*, p.uploaded_at from package_file f join package p on p.id = f.package_id
            where p.state <> 'quarantined' and f.suite_id = (select suite_id from channel where id = ?)
                and f.pool_path = ? and exists (
                    select 1 from admission a where a.package_id = f.package_id and a.channel_id = ?
                        and a.place is not null and (a.removed_at is null or a.removed_at > ?::timestamptz))
            limit 1""",
            channel.id(), poolPath, channel.id(), now.minus(STAYS_AFTER_REMOVAL)).map(row ->
                new PoolFile(row.get("package_id", Long.class), row.get("uploaded_at", Instant.class),
                    PackageRows.file(row)));
    }
}
