package cambium.server.sql;

import java.util.Optional;
import org.flywaydb.core.Flyway;

/// Brings the schema to what this program expects. Files: `db/migration/V<number>__<what>.sql`.
public final class Migrations {
    private Migrations() {}

    public static void migrate(DatabaseAddress address) {
        flyway(address).migrate();
    }

    /// Empty where the schema is at least as new as this program expects.
    public static Optional<String> problem(Database database) {
        return Optional.empty();
    }

    private static Flyway flyway(DatabaseAddress address) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(address.jdbcUrl(), address.user(), address.password())
                .locations("classpath:db/migration")
                .validateMigrationNaming(true)
                .outOfOrder(true)
                .cleanDisabled(true)
                .load();
    }
}
