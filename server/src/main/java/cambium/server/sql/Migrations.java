package cambium.server.sql;

import java.util.Optional;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings the schema to what this program expects. Files: `db/migration/V<number>__<what>.sql`.
public final class Migrations {
    private Migrations() {}

    /// Runs what is missing; processes that start at once wait for each other. Where nothing is missing, Flyway, whose
    /// start is most of the cost, is not asked.
    public static void bringUpToDate(Database database) {
        if (missing(database).isPresent()) {
            migrate(database.address());
        }
    }

    /// Runs what is missing.
    public static void migrate(DatabaseAddress address) {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(address.jdbcUrl(), address.user(), address.password())
                    .locations("classpath:db/migration")
                    .validateMigrationNaming(true)
                    .outOfOrder(true)
                    .cleanDisabled(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new DatabaseFailed("the schema could not be brought up to date: " + e.getMessage(), e);
        }
    }

    /// Why the schema is not what this program expects: a script that was not run, or that has changed since. Scripts
    /// of a newer program are no reason.
    public static Optional<String> missing(Database database) {
        var done = database.read(sql -> {
            var scripts = new TreeMap<String, Integer>();
            var exists = sql.fetchOne("select to_regclass('flyway_schema_history') is not null as yes");
            if (exists != null && exists.get("yes", Boolean.class)) {
                sql.fetch("select script, checksum from flyway_schema_history where success")
                        .forEach(row -> scripts.put(
                                row.get("script", String.class), row.get("checksum", Integer.class)));
            }
            return scripts;
        });
        return MigrationScripts.checksums().entrySet().stream()
                .filter(script -> !script.getValue().equals(done.get(script.getKey())))
                .map(script -> "the migration " + script.getKey() + " is missing or was changed")
                .findFirst();
    }
}
