package cambium.simulation;

import cambium.rollout.CellId;
import cambium.rollout.ProductVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A cell as it really is.
final class SimulatedCell {
    final CellId id;
    private Optional<ProductVersion> installed = Optional.empty();
    private Instant since = VirtualTime.START;
    private Instant awayUntil = VirtualTime.START;
    final Set<ProductVersion> migrated = new TreeSet<>();

    SimulatedCell(CellId id) {
        this.id = id;
    }

    void install(ProductVersion version, Instant now) {
        if (installed.filter(version::equals).isEmpty()) {
            installed = Optional.of(version);
            since = now;
        }
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

    void comeBack(Instant now) {
        awayUntil = now;
    }

    /// Some cells have so few users that their requests, and not the time, decide how long they bake.
    boolean quiet() {
        return id.value().endsWith("2");
    }

    boolean answers(Truth truth, Instant now) {
        return !now.isBefore(awayUntil) && installed.filter(version -> truth.kills(version, ran(now))).isEmpty();
    }
}
