package cambium.simulation;

import cambium.rollout.CellId;
import cambium.rollout.FleetSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything outside the coordinator: the clock, the cells as they are, the drivers' jobs. Faults may be switched off.
final class World {
    final VirtualTime time = new VirtualTime();
    final Chance chance;
    final Truth truth = new Truth();
    final Timeline timeline;
    final SimulatedDriver driver;
    final SortedMap<CellId, SimulatedCell> cells = new TreeMap<>();
    final Set<Fault> happened = EnumSet.noneOf(Fault.class);
    final Optional<Metrics> metrics;
    final Outages outages = new Outages(this, "world", Fault.STORE_DOWN, Fault.STORE_FULL, Fault.OUTAGE_OF_ALL,
            Fault.BRAKE_FILE);
    private final SortedMap<CellId, Outages> links = new TreeMap<>();
    Instant metricsBackAt = VirtualTime.START;
    Faults faults;

    /// @param measured what the cells of this run show of themselves, where they do
    World(Chance chance, boolean timelineKept, Faults faults, Optional<Traffic> measured) {
        this.chance = chance;
        this.faults = faults;
        this.timeline = new Timeline(time, timelineKept);
        this.driver = new SimulatedDriver(this);
        this.metrics = measured.map(traffic -> new Metrics(this, traffic));
    }

    void declare(FleetSpec spec) {
        spec.rings().forEach(ring -> ring.cells()
                .forEach(cell -> cells.computeIfAbsent(cell.cell(), SimulatedCell::new)));
    }

    /// Whether this trouble comes now, in so many times fewer cases than its share.
    boolean strikes(Fault fault, int fewer) {
        boolean now = chance.in(faults.share(fault) / fewer);
        if (now) {
            happened.add(fault);
        }
        return now;
    }

    SimulatedCell cell(CellId id) {
        return cells.computeIfAbsent(id, SimulatedCell::new);
    }

    /// Lets time go by; what jobs and chance do to cells in it, happens.
    void pass(Duration duration) {
        time.pass(duration);
        metrics.ifPresent(known -> known.lived(duration));
        driver.advance();
        outages.pass();
        for (var cell : cells.values()) {
            links(cell.id).pass();
            if (strikes(Fault.UNREACHABLE, 1)) {
                var away = chance.upTo(Duration.ofMinutes(chance.in(0.2) ? 120 : 5));
                cell.goAway(time.instant().plus(away));
                timeline.tell("cell " + cell.id, () -> "cannot be reached for " + away);
            }
            if (chance.in(faults.share(Fault.DRIFT)) && !cell.others().isEmpty()) {
                happened.add(Fault.DRIFT);
                var other = chance.of(cell.others());
                cell.install(other, time.instant());
                timeline.tell("cell " + cell.id, () -> "somebody put " + other + " on it by hand");
            }
        }
    }

    /// What leads to a cell.
    Outages links(CellId cell) {
        return links.computeIfAbsent(cell, id -> new Outages(this, "cell " + id, Fault.CELL_CUT, Fault.METRICS_CUT));
    }

    /// Nobody can write anything into the store.
    boolean storeRefuses() {
        return outages.lasts(Fault.STORE_DOWN) || outages.lasts(Fault.STORE_FULL);
    }

    /// Whether a cell or the metrics are away and come back by themselves.
    boolean somethingIsAway() {
        var now = time.instant();
        return now.isBefore(metricsBackAt) || cells.values().stream().anyMatch(cell -> cell.away(now));
    }

    void heal() {
        outages.end();
        links.values().forEach(Outages::end);
        faults = Faults.NONE;
        metricsBackAt = time.instant();
        driver.endStray();
        cells.values().forEach(cell -> {
            cell.stubborn = false;
            cell.comeBack(time.instant());
        });
        timeline.tell("world", () -> "no more faults from here");
    }
}
