package cambium.server.repository.distribution;

import cambium.server.repository.AddedDistribution;
import cambium.server.repository.DistributionCatalog;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/// The added distributions in PostgreSQL. Every process learns of a change by a notice, and reads them all anew.
public final class AddedDistributions {
    /// The channel of notices about changes.
    public static final String CHANGED = "distributions_changed";

    private final Database database;
    private final DistributionCatalog catalog;
    private final InstantSource clock;

    public AddedDistributions(Database database, DistributionCatalog catalog, InstantSource clock) {
        this.database = database;
        this.catalog = catalog;
        this.clock = clock;
    }

    /// What adding can end in.
    sealed interface Added {
        record Done(AddedDistribution distribution) implements Added {}

        /// `other` contains the new slug or is contained in it; a client looks slugs up by a part of them and would
        /// find two.
        record TooNear(String other) implements Added {}

        /// The distribution is there for packages of another type.
        record OtherType() implements Added {}
    }

    /// What removing can end in.
    enum Removed { DONE, UNKNOWN, IN_USE }

    /// Takes into the catalogue what stands in the database now.
    public void show() {
        catalog.showAdded(all());
    }

    List<AddedDistribution> all() {
        return database.read(AddedDistributions::all);
    }

    private static List<AddedDistribution> all(DSLContext sql) {
        return sql.fetch("select * from distribution_added order by id").map(row -> new AddedDistribution(
            row.get("id", Integer.class), row.get("package_type", String.class),
            row.get("distribution", String.class), row.get("distribution_name", String.class),
            row.get("version", String.class), row.get("version_name", String.class),
            Optional.ofNullable(row.get("version_number", String.class))));
    }

    /// The id of `wanted` is ignored.
    Added add(AddedDistribution wanted) {
        Added added = database.transact(sql -> {
            sql.execute("lock table distribution_added in share row exclusive mode");
            catalog.showAdded(all(sql));
            Optional<String> near = catalog.slugs().stream()
                .filter(slug -> slug.contains(wanted.slug()) || wanted.slug().contains(slug)).findFirst();
            if (near.isPresent()) {
                return new Added.TooNear(near.get());
            }
            if (catalog.family(wanted.distribution()).filter(family ->
                !family.name().equals(wanted.type().equals("deb") ? "APT" : "RPM")).isPresent()) {
                return new Added.OtherType();
            }
            sql.execute("""
                insert into distribution_added (package_type, distribution, distribution_name, version, version_name,
                    version_number, added_at) values (?, ?, ?, ?, ?, nullif(?, ''), ?::timestamptz)""",
                wanted.type(), wanted.distribution(), wanted.distributionName(), wanted.version(),
                wanted.versionName(), wanted.versionNumber().orElse(""), clock.instant());
            Notices.notify(sql, CHANGED, "");
            return new Added.Done(all(sql).getLast());
        });
        show();
        return added;
    }

    /// Takes one away again that no repository has a suite of.
    Removed remove(int id) {
        Removed removed = database.transact(sql -> {
            sql.execute("lock table distribution_added in share row exclusive mode");
            if (sql.fetchOptional("select 1 from distribution_added where id = ?", id).isEmpty()) {
                return Removed.UNKNOWN;
            }
            if (sql.fetchOptional("select 1 from suite where distro_version_id = ? limit 1", id).isPresent()) {
                return Removed.IN_USE;
            }
            sql.execute("delete from distribution_added where id = ?", id);
            Notices.notify(sql, CHANGED, "");
            return Removed.DONE;
        });
        show();
        return removed;
    }
}
