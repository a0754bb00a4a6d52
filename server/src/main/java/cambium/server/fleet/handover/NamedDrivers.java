package cambium.server.fleet.handover;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.server.fleet.CellDriver;
import cambium.server.fleet.StepOrder;
import cambium.server.fleet.StepProgress;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Gives each order to the driver that its name stands for, and finds it there again, also after the name has come to
/// stand for something else. Attempts that nobody noted are the process driver's: it keeps its own files.
public final class NamedDrivers implements CellDriver {
    private static final int MAX_REMEMBERED = 20_000;

    private final DriverFolders folders;
    private final Map<Technology, CellDriver> drivers;
    private final Handovers handovers;
    private final Map<AttemptId, Technology> remembered = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AttemptId, Technology> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });

    /// `drivers` has one for every technology.
    public NamedDrivers(DriverFolders folders, Map<Technology, CellDriver> drivers, Handovers handovers) {
        this.folders = folders;
        this.drivers = Map.copyOf(drivers);
        this.handovers = handovers;
    }

    @Override
    public Taking start(StepOrder order) {
        var before = technology(order.attempt());
        if (before.isPresent()) {
            return drivers.get(before.get()).start(order);
        }
        return switch (folders.named(order.driver())) {
            case DriverFolders.Named.Known(var spec, _) -> {
                remembered.put(order.attempt(), spec.technology());
                yield drivers.get(spec.technology()).start(order);
            }
            case DriverFolders.Named.Unusable(var reason) -> {
                var taking = handovers.take(order, Technology.PULL);
                handovers.end(order.attempt(), new AttemptResult.Failed("driver '" + order.driver() + "' " + reason));
                yield taking;
            }
        };
    }

    private Optional<Technology> technology(AttemptId attempt) {
        var known = Optional.ofNullable(remembered.get(attempt));
        return known.isPresent() ? known : handovers.find(attempt).map(handover -> {
            remembered.put(attempt, handover.technology());
            return handover.technology();
        });
    }

    private CellDriver driver(AttemptId attempt) {
        return drivers.get(technology(attempt).orElse(Technology.PROCESS));
    }

    @Override
    public StepProgress progress(AttemptId attempt) {
        return driver(attempt).progress(attempt);
    }

    /// One question for all that were handed over, and one commit for all of them that are over.
    @Override
    public SequencedMap<AttemptId, Look> progress(Collection<AttemptId> attempts) {
        var handed = handovers.find(attempts);
        var begun = begun(handed.values());
        var looks = new LinkedHashMap<AttemptId, Look>();
        var ends = new ArrayList<Handovers.End>();
        for (var attempt : attempts) {
            looks.put(attempt, begun.containsKey(attempt)
                    ? Look.at(() -> switch (begun.get(attempt).get()) {
                        case HandoverDriver.Found.Known(var progress) -> progress;
                        case HandoverDriver.Found.Over(var end) -> {
                            ends.add(end);
                            yield new StepProgress.Running();
                        }
                    }) : Look.at(() -> progress(attempt)));
            if (ends.size() == Handovers.MAX_ENDS) {
                settle(ends, looks);
            }
        }
        settle(ends, looks);
        return looks;
    }

    private Map<AttemptId, Supplier<HandoverDriver.Found>> begun(Collection<Handover> handed) {
        var begun = new HashMap<AttemptId, Supplier<HandoverDriver.Found>>();
        handed.stream().collect(Collectors.groupingBy(Handover::technology)).forEach((technology, some) -> {
            if (drivers.get(technology) instanceof HandoverDriver driver) {
                begun.putAll(driver.looks(some));
            }
        });
        return begun;
    }

    private void settle(List<Handovers.End> ends, Map<AttemptId, Look> looks) {
        handovers.settle(ends).forEach((attempt, progress) -> looks.put(attempt, new Look.Seen(progress)));
        ends.clear();
    }

    /// What was printed, and else why it ended as it did.
    @Override
    public Optional<InputStream> log(AttemptId attempt) {
        var driver = driver(attempt);
        return driver.log(attempt).or(() -> driver.progress(attempt) instanceof StepProgress.Ended(
                AttemptResult.Failed(var reason)) ? Optional.of(new ByteArrayInputStream(
                        (reason + "\n").getBytes(StandardCharsets.UTF_8))) : Optional.empty());
    }

    @Override
    public boolean cancel(AttemptId attempt, String why) {
        return driver(attempt).cancel(attempt, why);
    }
}
