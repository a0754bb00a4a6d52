package cambium.server.repository;

import cambium.formats.PackageFamily;
import java.util.Optional;
import java.util.OptionalInt;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Finds and creates suites and their channels.
final class Suites {
    private Suites() {}

    /// The suite's id, creating it when it is new; with its main channel, where its family has indexes.
    static long ensure(DSLContext sql, long repositoryId, KnownSuite suite, boolean hasIndexes) {
        return find(sql, repositoryId, suite).orElseGet(() -> {
            sql.execute("""
                insert into suite (repository_id, distribution, codename, distro_version_id, family)
                values (?, ?, ?, ?, ?) on conflict do nothing""", repositoryId, suite.distribution(),
                suite.codename(), suite.distroVersionId(), suite.family().word());
            long id = find(sql, repositoryId, suite).orElseThrow();
            if (hasIndexes) {
                ensureChannel(sql, id, OptionalInt.empty());
            }
            return id;
        });
    }

    private static Optional<Long> find(DSLContext sql, long repositoryId, KnownSuite suite) {
        return sql.fetchOptional("select id from suite where repository_id = ? and distribution = ? and codename = ?",
            repositoryId, suite.distribution(), suite.codename()).map(row -> row.get("id", Long.class));
    }

    /// The channel's id, creating it when it is new; it then waits for its first generation.
    static long ensureChannel(DSLContext sql, long suiteId, OptionalInt ring) {
        return findChannel(sql, suiteId, ring).orElseGet(() -> {
            sql.execute("insert into channel (suite_id, ring) values (?, nullif(?, -1)) on conflict do nothing",
                suiteId, ring.orElse(-1));
            return findChannel(sql, suiteId, ring).orElseThrow();
        });
    }

    static Optional<Long> findChannel(DSLContext sql, long suiteId, OptionalInt ring) {
        return sql.fetchOptional("select id from channel where suite_id = ? and coalesce(ring, -1) = ?",
            suiteId, ring.orElse(-1)).map(row -> row.get("id", Long.class));
    }

    /// The suite that a row with the columns of its table names.
    static KnownSuite suite(Record row) {
        String family = row.get("family", String.class);
        return new KnownSuite(row.get("distro_version_id", Integer.class), row.get("distribution", String.class),
            row.get("codename", String.class), PackageFamily.of(family).orElseThrow(() ->
                new IllegalStateException("a suite is of the family " + family + ", which this program lacks")));
    }
}
