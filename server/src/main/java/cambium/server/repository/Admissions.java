package cambium.server.repository;

import java.time.Instant;
import java.util.List;
import org.jooq.DSLContext;

/// Writes requests into the log of admissions, which is also the queue of the index worker.
final class Admissions {
    private Admissions() {}

    /// Asks for packages to be admitted to a channel, in this order. What is admitted or asked for already stays as it
    /// is; what has failed before is tried anew.
    static void request(DSLContext sql, long channelId, List<Long> packageIds, Instant now) {
        sql.execute("""
            insert into admission (channel_id, package_id, work, not_before, requested_at)
            select ?, p.id, 'admit', ?::timestamptz, ?::timestamptz
            from unnest(?::bigint[]) with ordinality p(id, number) order by p.number
            on conflict (channel_id, package_id) where live do update
                set work = 'admit', tries = 0, failure = null, not_before = excluded.not_before
                where admission.failure is not null""",
            channelId, now, now, packageIds.stream().distinct().toArray(Long[]::new));
    }

    /// Takes a package out of one channel; it may be asked for again.
    static void withdraw(DSLContext sql, long channelId, long packageId, Instant now) {
        sql.execute("""
            update admission set live = false, work = case when place is null then null else 'remove' end,
                removed_at = ?::timestamptz where channel_id = ? and package_id = ? and live""",
            now, channelId, packageId);
    }

    /// Takes a package out of every channel. What is not published yet never will be.
    static void withdraw(DSLContext sql, long packageId, Instant now) {
        sql.execute("""
            update admission set live = false, work = case when place is null then null else 'remove' end,
                removed_at = ?::timestamptz where package_id = ? and live""", now, packageId);
    }
}
