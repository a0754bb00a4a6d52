package cambium.server.fleet;

import cambium.server.config.Descriptors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Keeps a process from coordinating that has no file descriptors left: it can neither begin a step nor look at a cell.
/// One that leads may lack them for a moment, but for less than a cell has to be unseen to count as unreachable.
final class DescriptorCheck implements Hindrance {
    static final Duration PATIENCE = Duration.ofSeconds(4);

    private final BooleanSupplier areLeft;
    private final InstantSource time;
    private Optional<Instant> lackingSince = Optional.empty();

    DescriptorCheck(BooleanSupplier areLeft, InstantSource time) {
        this.areLeft = areLeft;
        this.time = time;
    }

    @Override
    public Optional<String> problem(boolean leading) {
        if (areLeft.getAsBoolean()) {
            lackingSince = Optional.empty();
            return Optional.empty();
        }
        var now = time.instant();
        var since = lackingSince.orElse(now);
        lackingSince = Optional.of(since);
        return leading && now.isBefore(since.plus(PATIENCE)) ? Optional.empty() : Optional.of(told());
    }

    static String told() {
        return "this process has no file descriptors left (it may have " + Descriptors.most() + "): it can begin no "
                + "step and look at no cell, so it does not coordinate until it gets some; raise its limit "
                + "(LimitNOFILE=, ulimit -n)";
    }
}
