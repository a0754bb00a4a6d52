package cambium.rollout;

import java.util.HashSet;
import java.util.List;

/// All migrations of one version, as its makers declare them. A version without a ledger may change anything; one with
/// an empty ledger changes nothing.
///
/// @param migrations at most {@value #MAX}, each id once
public record MigrationLedger(List<DeclaredMigration> migrations) {
    static final int MAX = 1_000;

    public MigrationLedger {
        migrations = List.copyOf(migrations);
        Grammar.range("number of migrations", migrations.size(), 0, MAX);
        var ids = new HashSet<String>();
        for (var migration : migrations) {
            if (!ids.add(migration.id())) {
                throw new IllegalArgumentException("migration " + migration.id() + " is declared twice");
            }
        }
    }

    List<DeclaredMigration> of(DeclaredMigration.Kind kind) {
        return migrations.stream().filter(migration -> migration.kind() == kind).toList();
    }
}
