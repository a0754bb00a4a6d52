package cambium.server.sql;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings the schema to what this program expects. Files: `db/migration/V<number>__<what>.sql`.
public final class Migrations {
    static final Pattern NEEDS = Pattern.compile("_needs_([0-9]{1,6})[.]sql$");

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

    /// Why this program must not work on the schema: a newer one has taken away what it needs. Such a script says so by
    /// its name, as `V95__drop_x_needs_90.sql`, which only programs that know V90 bear; all others only add.
    public static Optional<String> outdated(Database database) {
        var own = MigrationScripts.checksums().keySet();
        int known = own.stream().mapToInt(Migrations::number).max().orElse(0);
        return scripts(database).keySet().stream().filter(script -> !own.contains(script))
                .filter(script -> needed(script) > known).findFirst().map(script -> "the schema is that of a newer "
                + "Cambium (" + script + "), which only those work with that know V" + needed(script)
                + "; this one knows up to V" + known + ": start a newer one, or restore the backup made before");
    }

    /// How far a newer program has brought the schema beyond what this one knows. It only added, so this one works on.
    public static Optional<String> newer(Database database) {
        var own = MigrationScripts.checksums().keySet();
        int known = own.stream().mapToInt(Migrations::number).max().orElse(0);
        return scripts(database).keySet().stream().filter(script -> !own.contains(script))
                .filter(script -> script.matches("V[0-9]{1,6}__.*"))
                .map(Migrations::number).max(Integer::compare).map(newest -> "a newer Cambium has brought the schema "
                + "to V" + newest + "; this one knows up to V" + known + " and works on");
    }

    static int number(String script) {
        return Integer.parseInt(script.replaceFirst("V([0-9]+)__.*", "$1"));
    }

    private static int needed(String script) {
        var named = NEEDS.matcher(script);
        return named.find() ? Integer.parseInt(named.group(1)) : 0;
    }

    /// Why the schema is not what this program expects: a script that was not run, or that has changed since. Scripts
    /// of a newer program are no reason.
    public static Optional<String> missing(Database database) {
        var done = scripts(database);
        return MigrationScripts.checksums().entrySet().stream()
                .filter(script -> !script.getValue().equals(done.get(script.getKey())))
                .map(script -> "the migration " + script.getKey() + " is missing or was changed")
                .findFirst();
    }

    /// Those that were run, with their checksums.
    private static SortedMap<String, Integer> scripts(Database database) {
        return database.read(sql -> {
            var scripts = new TreeMap<String, Integer>();
            var exists = sql.fetchOne("select to_regclass('flyway_schema_history') is not null as yes");
            if (exists != null && exists.get("yes", Boolean.class)) {
                sql.fetch("select script, checksum from flyway_schema_history where success")
                        .forEach(row -> scripts.put(
                                row.get("script", String.class), row.get("checksum", Integer.class)));
            }
            return scripts;
        });
    }
}
