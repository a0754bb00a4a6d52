package cambium.server.repository;

import cambium.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jooq.DSLContext;

/// Finds the file behind a path of the pool. A channel's pool holds what was admitted to that channel; what left it
/// stays for a day, since clients may hold an index that still names it.
final class PoolReader {
    static final Duration STAYS_AFTER_REMOVAL = Duration.ofHours(24);

    private final Database database;

    PoolReader(Database database) {
        this.database = database;
    }

    Optional<StoredPackage> find(IndexReader.Address address, String poolPath, Instant now) {
        return database.read(sql -> ChannelRow.find(sql, address.repository(), address.distribution(),
            address.codename(), address.ring()).flatMap(channel -> find(sql, channel, poolPath, now)));
    }

    private static Optional<StoredPackage> find(DSLContext sql, ChannelRow channel, String poolPath, Instant now) {
        return sql.fetchOptional("""
            select p.*, s.distribution, s.codename, s.distro_version_id
            from package p join suite s on s.id = p.suite_id
            where s.id = (select suite_id from channel where id = ?) and p.pool_path = ? and exists (
                select 1 from admission a where a.package_id = p.id and a.channel_id = ? and a.place is not null
                    and (a.removed_at is null or a.removed_at > ?::timestamptz))""",
            channel.id(), poolPath, channel.id(), now.minus(STAYS_AFTER_REMOVAL)).map(Packages::stored);
    }
}
