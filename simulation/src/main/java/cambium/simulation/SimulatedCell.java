package cambium.simulation;

import cambium.rollout.CellId;
import cambium.rollout.ProductVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A cell as it really is.
final class SimulatedCell {
    final CellId id;
    private Optional<ProductVersion> installed = Optional.empty();
    private Instant since = VirtualTime.START;
    private Instant awayUntil = VirtualTime.START;
    private final Set<ProductVersion> had = new TreeSet<>();
    final Set<ProductVersion> migrated = new TreeSet<>();
    /// No rollback works here.
    boolean stubborn;

    SimulatedCell(CellId id) {
        this.id = id;
    }

    void install(ProductVersion version, Instant now) {
        if (installed.filter(version::equals).isEmpty()) {
            installed = Optional.of(version);
            had.add(version);
            since = now;
        }
    }

    /// What it ran at some time and does not run now.
    List<ProductVersion> others() {
        return had.stream().filter(version -> !installed.equals(Optional.of(version))).toList();
    }

    Optional<ProductVersion> installed() {
        return installed;
    }

    Duration ran(Instant now) {
        return Duration.between(since, now);
    }

    void goAway(Instant until) {
        awayUntil = until.isAfter(awayUntil) ? until : awayUntil;
    }

    boolean away(Instant now) {
        return now.isBefore(awayUntil);
    }

    void comeBack(Instant now) {
        awayUntil = now;
    }

    /// Some cells have so few users that their requests, and not the time, decide how long they bake.
    boolean quiet() {
        return id.value().endsWith("2");
    }

    boolean answers(Truth truth, Instant now) {
        return !away(now) && installed.filter(version -> truth.kills(version, ran(now))).isEmpty();
    }
}
