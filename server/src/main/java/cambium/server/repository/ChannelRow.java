package cambium.server.repository;

import cambium.server.repository.format.ChannelOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import org.jooq.Record;

/// One signed root as the database has it: a suite as a whole, or what of it was admitted to a ring.
record ChannelRow(long id, long repositoryId, RepositoryName repository, boolean isPrivate, KnownSuite suite,
    OptionalInt ring, long generation, long nextGeneration, long nextPlace, Optional<Instant> dueAt, boolean signAgain,
    ChannelOptions options) {
    /// Of a repository `r`: what it says itself, or else what the server says; null or 0 for ever.
    static final String VALID_FOR =
        "coalesce(r.apt_valid_for_seconds, (select valid_for_seconds from apt_default)) as apt_valid_for_seconds";
    private static final String COLUMNS = """
        select c.id, c.ring, c.generation,
            greatest(c.generation + 1, c.next_generation) as next_generation, c.next_place,
            c.due_at, c.sign_again, s.distribution, s.codename, s.distro_version_id,
            s.family, r.id as repository_id, r.owner, r.name, r.private, r.apt_contents,
            r.apt_translations,\s""" + VALID_FOR + """
        \sfrom channel c join suite s on s.id = c.suite_id join repository r on r.id = s.repository_id\s""";

    /// The channel, held by this transaction until it ends; empty when another transaction holds it. Admissions to it
    /// can be asked for meanwhile: an exclusive lock would let each push wait for the generation that is being made.
    static Optional<ChannelRow> hold(DSLContext inTransaction, long channelId) {
        return inTransaction.fetchOptional(COLUMNS + "where c.id = ? for no key update of c skip locked", channelId)
            .map(ChannelRow::of);
    }

    static Optional<ChannelRow> find(DSLContext sql, RepositoryName repository, String distribution, String codename,
        OptionalInt ring) {
        return sql.fetchOptional(COLUMNS + """
            where r.owner = ? and r.name = ? and s.distribution = ? and s.codename = ? and coalesce(c.ring, -1) = ?""",
            repository.owner(), repository.name(), distribution, codename, ring.orElse(-1)).map(ChannelRow::of);
    }

    /// Whether a generation is wanted even if no package waits: the first one, one with other signatures, or one whose
    /// time has come.
    boolean isDue(Instant now) {
        return generation == 0 || signAgain || dueAt.filter(due -> !due.isAfter(now)).isPresent();
    }

    /// The channels of public repositories that have a generation to show; at most 10,000.
    static List<ChannelRow> published(DSLContext sql) {
        return sql.fetch(COLUMNS + "where not r.private and c.generation > 0 order by c.id limit 10000")
            .map(ChannelRow::of);
    }

    boolean isMain() {
        return ring.isEmpty();
    }

    private static ChannelRow of(Record row) {
        Integer ring = row.get("ring", Integer.class);
        return new ChannelRow(row.get("id", Long.class), row.get("repository_id", Long.class),
            new RepositoryName(row.get("owner", String.class), row.get("name", String.class)),
            row.get("private", Boolean.class),
            Suites.suite(row),
            ring == null ? OptionalInt.empty() : OptionalInt.of(ring),
            row.get("generation", Long.class), row.get("next_generation", Long.class),
            row.get("next_place", Long.class),
            Optional.ofNullable(row.get("due_at", Instant.class)), row.get("sign_again", Boolean.class), options(row));
    }

    /// The columns of a repository.
    static ChannelOptions options(Record row) {
        return new ChannelOptions(row.get("apt_contents", Boolean.class), row.get("apt_translations", Boolean.class),
            Optional.ofNullable(row.get("apt_valid_for_seconds", Long.class)).filter(seconds -> seconds > 0)
                .map(Duration::ofSeconds));
    }
}
