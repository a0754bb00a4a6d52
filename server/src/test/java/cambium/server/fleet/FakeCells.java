package cambium.server.fleet;

import cambium.rollout.AttemptId;
import cambium.rollout.AttemptResult;
import cambium.rollout.CellId;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetSpec;
import cambium.rollout.PackageRef;
import cambium.rollout.ProductVersion;
import cambium.rollout.RingNumber;
import cambium.rollout.Step;
import cambium.rollout.Verdict;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Cells that do as they are told at once, together with their driver, observer, channels and catalog. What was done
/// is noted, so that a test can count it; versions named here fail, or harm.
public final class FakeCells implements CellDriver, CellObserver, Channels, ProductCatalog {
    private static final AttemptResult UNDER_WAY = new AttemptResult.Failed("not ended yet");
    final List<StepOrder> ran = new ArrayList<>();
    final List<String> admitted = new ArrayList<>();
    public final Set<ProductVersion> failing = new HashSet<>();
    public final Set<ProductVersion> slow = new HashSet<>();
    /// Nothing is heard of how they do.
    public final Set<ProductVersion> silent = new HashSet<>();
    final Set<ProductVersion> harmful = new HashSet<>();
    final Set<String> withdrawn = new HashSet<>();
    final List<Declaration> declared = new ArrayList<>();
    public final TreeMap<CellId, ProductVersion> running = new TreeMap<>();
    private final TreeMap<AttemptId, AttemptResult> results = new TreeMap<>();
    private final TreeMap<CellId, Long> highest = new TreeMap<>();
    private final InstantSource time;
    /// What happens while a step is being handed over.
    Runnable whileStarting = () -> { };
    /// What happens while an attempt is looked at.
    Runnable whileLooking = () -> { };
    boolean forgetful;
    boolean broken;

    public FakeCells(InstantSource time) {
        this.time = time;
    }

    @Override
    public Taking start(StepOrder order) {
        if (broken) {
            throw new IllegalStateException("the driver is broken");
        }
        if (order.epoch().number() < highest.getOrDefault(order.cell(), 0L)) {
            return Taking.FENCED;
        }
        highest.put(order.cell(), order.epoch().number());
        whileStarting.run();
        if (results.containsKey(order.attempt())) {
            return Taking.TAKEN;
        }
        ran.add(order);
        if (order.step() == Step.DEPLOY && slow.contains(order.version())) {
            results.put(order.attempt(), UNDER_WAY);
            return Taking.TAKEN;
        }
        if (order.step() == Step.DEPLOY && failing.contains(order.version())) {
            results.put(order.attempt(), new AttemptResult.Failed("it fails"));
            return Taking.TAKEN;
        }
        if (order.step() == Step.DEPLOY || order.step() == Step.ROLLBACK) {
            running.put(order.cell(), order.version());
        }
        results.put(order.attempt(), new AttemptResult.Succeeded());
        return Taking.TAKEN;
    }

    /// What was slow has ended well.
    public void finish(CellId cell, ProductVersion version) {
        running.put(cell, version);
        results.replaceAll((_, result) -> result == UNDER_WAY ? new AttemptResult.Succeeded() : result);
    }

    @Override
    public boolean cancel(AttemptId attempt, String why) {
        return results.replace(attempt, UNDER_WAY, new AttemptResult.Cancelled(why));
    }

    @Override
    public StepProgress progress(AttemptId attempt) {
        whileLooking.run();
        if (results.get(attempt) == UNDER_WAY) {
            return new StepProgress.Running();
        }
        return forgetful || !results.containsKey(attempt)
                ? new StepProgress.Unknown() : new StepProgress.Ended(results.get(attempt));
    }

    @Override
    public Optional<InputStream> log(AttemptId attempt) {
        return Optional.empty();
    }

    @Override
    public List<FleetEvent> observe(Fleet fleet, Instant now) {
        var events = new ArrayList<FleetEvent>();
        fleet.cells().keySet().forEach(cell ->
                events.add(new FleetEvent.CellObserved(now, cell, true, Optional.ofNullable(running.get(cell)))));
        fleet.watches().stream().filter(watch -> !silent.contains(watch.version())).forEach(watch -> events.add(
                new FleetEvent.VerdictReached(now, watch.cell(), watch.attempt(),
                watch.version(), harmful.contains(watch.version()) ? Verdict.HARMFUL : Verdict.HEALTHY,
                watch.samplesNeeded(), Evidence.of("as the test says"))));
        return events;
    }

    @Override
    public boolean admit(FleetSpec.Product product, RingNumber ring, List<PackageRef> packages) {
        admitted.add(ring + " " + packages.getFirst().version());
        return true;
    }

    @Override
    public ChannelAddress address(FleetSpec.Product product, RingNumber ring) {
        var base = "http://localhost:1/" + product.repository();
        return new ChannelAddress(base + "/rings/" + ring + "/debian", "bookworm", base + "/gpgkey", base);
    }

    @Override
    public Resolution resolve(FleetSpec.Product product, List<Wanted> wanted) {
        var missing = wanted.stream().filter(each -> withdrawn.contains(each.version()))
                .map(each -> each.name() + " " + each.version() + " is not in the repository").toList();
        return missing.isEmpty() ? new Resolution.Resolved(wanted.stream().map(FakeCells::found).toList(), declared)
                : new Resolution.Missing(missing);
    }

    static PackageRef found(Wanted wanted) {
        return new PackageRef(wanted.name(), wanted.version(), "amd64", "ab".repeat(32),
                "pool/" + wanted.name() + "_" + wanted.version() + ".deb");
    }

    @Override
    public List<PackageRef> withdrawn(FleetSpec.Product product, List<PackageRef> packages) {
        return packages.stream().filter(each -> withdrawn.contains(each.version())).toList();
    }
}
