package cambium.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What lies between the version that a cell runs and the one it would go back to: the migrations that ran here since.
/// A version brings its own migrations and those of every version between, also of those that the cell skipped.
///
/// Where a version declares nothing, its deployment is taken to leave the data usable for what came before, and its PDM
/// is not: the rule of the Cells blueprint.
sealed interface WayBack {
    record Open() implements WayBack {}

    /// The cell has to be down meanwhile.
    record WithDowntime(String why) implements WayBack {}

    /// What ran here cannot be undone, and the older version does not work with it.
    record Closed(String why) implements WayBack {}

    /// @param from what the cell goes back from
    /// @param good what it would go back to
    static WayBack of(Fleet fleet, Cell cell, ProductVersion from, Cell.Proof good) {
        var target = good.version();
        var ran = new ArrayList<Ran>();
        between(fleet, target, from).forEach(version -> ran.addAll(Ran.of(version,
                DeclaredMigration.Kind.DEPLOYMENT)));
        boolean undeclared = false;
        if (cell.crossed(good)) {
            var migrated = between(fleet, target, cell.pdm().orElseThrow().version());
            undeclared = migrated.isEmpty() || migrated.stream().anyMatch(known -> known.ledger().isEmpty());
            migrated.forEach(version -> ran.addAll(Ran.of(version, DeclaredMigration.Kind.POST_DEPLOYMENT)));
        }
        var hindering = ran.stream().filter(each -> !each.suits(fleet, target)).toList();
        var final_ = hindering.stream().filter(each -> !each.migration().reversible()).findFirst();
        if (final_.isPresent()) {
            return new Closed(final_.get().told() + " cannot be undone");
        }
        if (undeclared) {
            return new WithDowntime("PDM of " + cell.pdm().orElseThrow().version() + " ran here");
        }
        return hindering.isEmpty() ? new Open() : new WithDowntime(hindering.getFirst().told());
    }

    /// Newer than `older`, up to `newest` with it, in the order in which they were first rolled out.
    private static List<VersionRecord> between(Fleet fleet, ProductVersion older, ProductVersion newest) {
        var from = first(fleet, older);
        var to = first(fleet, newest);
        if (from.isEmpty() || to.isEmpty()) {
            return List.of();
        }
        return fleet.rollouts().subMap(from.getAsInt(), false, Math.max(from.getAsInt(), to.getAsInt()), true).values()
                .stream().map(Rollout::version).distinct()
                .filter(version -> first(fleet, version).getAsInt() > from.getAsInt())
                .map(version -> fleet.versions().get(version)).toList();
    }

    /// The number of the version's first rollout, by which versions are older or newer.
    private static OptionalInt first(Fleet fleet, ProductVersion version) {
        return fleet.rollouts().values().stream().filter(rollout -> rollout.version().equals(version))
                .mapToInt(Rollout::number).findFirst();
    }

    /// A migration that ran on the cell, and the version that brought it.
    record Ran(ProductVersion version, DeclaredMigration migration) {
        static List<Ran> of(VersionRecord version, DeclaredMigration.Kind kind) {
            return version.ledger().map(ledger -> ledger.of(kind).stream()
                    .map(migration -> new Ran(version.version(), migration)).toList()).orElse(List.of());
        }

        boolean suits(Fleet fleet, ProductVersion target) {
            if (migration.oldestCompatible().isEmpty()) {
                return migration.kind() == DeclaredMigration.Kind.DEPLOYMENT;
            }
            var oldest = first(fleet, migration.oldestCompatible().get());
            var wanted = first(fleet, target);
            return oldest.isPresent() && wanted.isPresent() && wanted.getAsInt() >= oldest.getAsInt();
        }

        String told() {
            return "migration " + migration.id() + " of " + version + " ran here and works with "
                    + migration.oldestCompatible().map(oldest -> oldest + " or newer").orElse("nothing older");
        }
    }
}
