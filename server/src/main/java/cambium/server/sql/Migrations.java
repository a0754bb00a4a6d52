package cambium.server.sql;

import org.flywaydb.core.Flyway;

/// Brings the schema to what this program expects. Files: `db/migration/V<number>__<what>.sql`.
public final class Migrations {
    private Migrations() {}

    public static void migrate(DatabaseAddress address) {
        flyway(address).migrate();
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
