package cambium.server.repository;

import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import org.jooq.Record;

/// One signed root as the database has it: a suite as a whole, or what of it was admitted to a ring.
record ChannelRow(long id, long repositoryId, RepositoryName repository, boolean isPrivate, KnownSuite suite,
    OptionalInt ring, long generation, long nextPlace) {
    private static final String COLUMNS = """
        select c.id, c.ring, c.generation, c.next_place, s.distribution, s.codename, s.distro_version_id, s.family,
            r.id as repository_id, r.owner, r.name, r.private
        from channel c join suite s on s.id = c.suite_id join repository r on r.id = s.repository_id\s""";

    /// The channel, held by this transaction until it ends; empty when another transaction holds it.
    static Optional<ChannelRow> hold(DSLContext inTransaction, long channelId) {
        return inTransaction.fetchOptional(COLUMNS + "where c.id = ? for update of c skip locked", channelId)
            .map(ChannelRow::of);
    }

    static Optional<ChannelRow> find(DSLContext sql, RepositoryName repository, String distribution, String codename,
        OptionalInt ring) {
        return sql.fetchOptional(COLUMNS + """
            where r.owner = ? and r.name = ? and s.distribution = ? and s.codename = ? and coalesce(c.ring, -1) = ?""",
            repository.owner(), repository.name(), distribution, codename, ring.orElse(-1)).map(ChannelRow::of);
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
            row.get("generation", Long.class), row.get("next_place", Long.class));
    }
}
