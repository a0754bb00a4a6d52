package cambium.server.repository;

import cambium.server.repository.format.ViewKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Requests to make the indexes of channels again from their logs of admissions, and what came of them. A request is a
/// row; the publisher of the channel answers it with a generation of its own.
final class Rebuilds {
    private Rebuilds() {}

    /// The last request for a channel. `generation`: the one that it made, once it is done; `differing`: views whose
    /// raw bytes had been others, as `kind/architecture`.
    record Rebuild(String suite, OptionalInt ring, Optional<Instant> doneAt, Optional<Long> generation, int views,
        List<String> differing, Optional<String> failure) {}

    /// Asks for every channel of a repository that has been published. What is asked for already stays asked for.
    static void ask(DSLContext sql, long repositoryId, Instant now) {
        sql.execute("""
            insert into channel_rebuild (channel_id, asked_at)
            select c.id, ?::timestamptz from channel c join suite s on s.id = c.suite_id
            where s.repository_id = ? and c.generation > 0 order by c.id
            on conflict (channel_id) where done_at is null do nothing""", now, repositoryId);
    }

    /// The same for one channel.
    static void askFor(DSLContext sql, long channelId, Instant now) {
        sql.execute("insert into channel_rebuild (channel_id, asked_at) values (?, ?::timestamptz) "
            + "on conflict (channel_id) where done_at is null do nothing", channelId, now);
    }

    static boolean isAsked(DSLContext sql, long channelId) {
        return sql.fetchOptional("select 1 from channel_rebuild where channel_id = ? and done_at is null", channelId)
            .isPresent();
    }

    static void finish(DSLContext sql, long channelId, long generation, int views, List<ViewKey> differing,
        Instant now) {
        sql.execute("""
            update channel_rebuild set done_at = ?::timestamptz, generation = ?, views = ?, differing = ?
            where channel_id = ? and done_at is null""", now, generation, views,
            differing.stream().map(key -> key.kind() + "/" + key.architecture()).toArray(String[]::new), channelId);
    }

    static void fail(DSLContext sql, long channelId, String reason, Instant now) {
        sql.execute("update channel_rebuild set done_at = ?::timestamptz, failure = ? "
            + "where channel_id = ? and done_at is null", now, reason, channelId);
    }

    /// The last request for each channel of a repository, suites by name, each before its rings.
    static List<Rebuild> of(DSLContext sql, long repositoryId) {
        return sql.fetch("""
            select distinct on (s.distribution, s.codename, coalesce(c.ring, -1))
                s.distribution || '/' || s.codename as suite, c.ring, r.*
            from channel_rebuild r join channel c on c.id = r.channel_id join suite s on s.id = c.suite_id
            where s.repository_id = ?
            order by s.distribution, s.codename, coalesce(c.ring, -1), r.id desc""", repositoryId)
            .map(Rebuilds::rebuild);
    }

    private static Rebuild rebuild(Record row) {
        Integer ring = row.get("ring", Integer.class);
        Integer views = row.get("views", Integer.class);
        String[] differing = row.get("differing", String[].class);
        return new Rebuild(row.get("suite", String.class), ring == null ? OptionalInt.empty() : OptionalInt.of(ring),
            Optional.ofNullable(row.get("done_at", Instant.class)),
            Optional.ofNullable(row.get("generation", Long.class)), views == null ? 0 : views,
            differing == null ? List.of() : Arrays.asList(differing),
            Optional.ofNullable(row.get("failure", String.class)));
    }
}
