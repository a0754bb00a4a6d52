package cambium.server.fleet;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Step;
import cambium.rollout.StepKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a cell driver is told to do once: one step of one attempt on one cell. `version` is the version that the cell
/// shall run afterwards (for a rollback: the one gone back to), `packages` are that version's, with their addresses.
/// `previous` is what the cell ran before, as far as known. `timeout` bounds the step, above zero.
/// A step that has not begun by `startBefore` must not begin any more: the coordinator gives an attempt up well after
/// that, so an order that a paused coordinator still held back cannot run beside the attempt that came after it.
/// `epoch` is the fencing number of the coordinator that gives the order; a driver refuses one below the highest that
/// it has seen for the cell.
public record StepOrder(
        AttemptId attempt,
        Step step,
        CellId cell,
        RingNumber ring,
        ProductVersion version,
        Optional<ProductVersion> previous,
        String driver,
        SortedMap<String, String> settings,
        List<PackageRef> packages,
        ChannelAddress channel,
        Duration timeout,
        Instant startBefore,
        Epoch epoch,
        StepKind kind) {
    public StepOrder {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        packages = List.copyOf(packages);
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a step needs a timeout above zero, not " + timeout);
        }
    }
}
