package cambium.simulation;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Verdict;
import cambium.server.fleet.observe.HandedSamples;
import cambium.simulation.traffic.LivingCell;
import cambium.simulation.traffic.Strain;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What the cells of a run show of themselves, and what the real judge says of it. Where a run has none, a verdict is
/// what is true of the version, which takes a fraction of the time.
final class Metrics {
    private static final Duration SPACING = Duration.ofMinutes(1);
    private static final Duration MAX_AGE = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofDays(10);
    private static final Strain OUTAGE = new Strain(0.2, 1, 0);

    private final World world;
    private final Traffic traffic;
    private final Map<CellId, LivingCell> lives = new TreeMap<>();
    private final Map<CellId, NavigableMap<Instant, Double>> served = new TreeMap<>();
    private final HandedSamples samples = new HandedSamples(MAX_AGE);
    /// Verdicts that counted, of whatever cells.
    final Set<Verdict> counted = EnumSet.noneOf(Verdict.class);
    private final Set<Said> said = new HashSet<>();

    private record Said(AttemptId attempt, Instant at, Verdict verdict, long samples) {}

    Metrics(World world, Traffic traffic) {
        this.world = world;
        this.traffic = traffic;
    }

    /// What all cells went through in the time that passed up to now.
    void lived(Duration passed) {
        int readings = (int) Math.max(1, passed.dividedBy(SPACING));
        var each = passed.dividedBy(readings);
        for (var cell : world.cells.values()) {
            if (cell.installed().isPresent() && each.isPositive()) {
                var life = lives.computeIfAbsent(cell.id, id -> new LivingCell(traffic.seed() * 31 + id.hashCode(),
                        traffic.perSecond().applyAsDouble(cell)));
                for (int i = readings - 1; i >= 0; i--) {
                    var at = world.time.instant().minus(each.multipliedBy(i));
                    var reading = life.reading(at, each, strain(cell, at));
                    var known = served.computeIfAbsent(cell.id, _ -> new TreeMap<>());
                    known.put(at, reading.requests());
                    known.headMap(at.minus(KEPT)).clear();
                    if (!at.isBefore(world.metricsBackAt) && !world.links(cell.id).lasts(Fault.METRICS_CUT)
                            && cell.answers(world.truth, at)) {
                        samples.add(cell.id, reading);
                    }
                }
            }
        }
    }

    private Strain strain(SimulatedCell cell, Instant at) {
        var version = cell.installed().orElseThrow();
        var own = world.truth.harms(version, cell.ran(at)) ? traffic.harm().apply(version) : Strain.NONE;
        return world.outages.lasts(Fault.OUTAGE_OF_ALL) ? own.and(OUTAGE) : own;
    }

    List<FleetEvent.VerdictReached> verdicts(Fleet fleet, Instant now) {
        var verdicts = samples.verdicts(fleet, now);
        verdicts.forEach(verdict -> said.add(said(verdict)));
        return verdicts;
    }

    /// Whether the judge said this very thing.
    boolean saidSo(FleetEvent.VerdictReached verdict) {
        return said.contains(said(verdict));
    }

    /// Requests that a cell has served from one instant to another, at most.
    double served(CellId cell, Instant from, Instant to) {
        var known = served.getOrDefault(cell, new TreeMap<>());
        return Optional.ofNullable(known.floorEntry(to)).map(Map.Entry::getValue).orElse(0.0)
                - Optional.ofNullable(known.floorEntry(from)).map(Map.Entry::getValue).orElse(0.0);
    }

    private static Said said(FleetEvent.VerdictReached verdict) {
        return new Said(verdict.attempt(), verdict.at(), verdict.verdict(), verdict.samples());
    }
}
