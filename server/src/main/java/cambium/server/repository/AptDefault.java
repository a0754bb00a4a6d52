package cambium.server.repository;

import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long apt may believe an index of a repository that does not say so itself. It is kept in the database, so that
/// all processes go by the same.
final class AptDefault {
    private AptDefault() {}

    /// Lets the channels that it concerns be signed again, if it is another one than until now.
    static void set(Database database, Optional<Duration> validFor, Instant now) {
        Long seconds = validFor.map(Duration::toSeconds).orElse(null);
        database.transact(sql -> {
            int changed = sql.execute("""
                update apt_default set valid_for_seconds = ?::bigint
                where valid_for_seconds is distinct from ?::bigint""", seconds, seconds);
            if (changed > 0) {
                sql.execute("""
                    update channel c set due_at = ?::timestamptz
                    from suite s join repository r on r.id = s.repository_id
                    where s.id = c.suite_id and r.apt_valid_for_seconds is null""", now);
                Notices.notify(sql, Packages.WORK, "");
            }
            return changed;
        });
    }
}
