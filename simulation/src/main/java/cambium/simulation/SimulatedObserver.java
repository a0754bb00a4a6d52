package cambium.simulation;

import cambium.rollout.AttemptId;
import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Verdict;
import cambium.rollout.Watch;
import cambium.server.fleet.CellObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Looks at the cells; looks get lost, come late or twice, metrics go away or bear the wrong label.
final class SimulatedObserver implements CellObserver {
    private static final int MAX_OLD_LOOKS = 50;

    private final World world;
    private final List<FleetEvent> oldLooks = new ArrayList<>();

    SimulatedObserver(World world) {
        this.world = world;
    }

    @Override
    public List<FleetEvent> observe(Fleet fleet, Instant now) {
        if (world.strikes(Fault.LOOK_LOST, 10)) {
            throw new IllegalStateException("no cell can be looked at");
        }
        var looks = new ArrayList<FleetEvent>();
        for (var id : fleet.cells().keySet()) {
            if (!world.strikes(Fault.LOOK_LOST, 1)) {
                var cell = world.cell(id);
                boolean answers = cell.answers(world.truth, now);
                looks.add(new FleetEvent.CellObserved(now, id, answers, answers ? cell.installed() : Optional.empty()));
            }
        }
        verdicts(fleet, now, looks);
        replayOldLooks(looks);
        return looks;
    }

    private void verdicts(Fleet fleet, Instant now, List<FleetEvent> looks) {
        if (world.strikes(Fault.METRICS_GONE, 20)) {
            world.metricsBackAt = world.time.instant().plus(world.chance.upTo(Duration.ofMinutes(30)));
        }
        world.metrics.ifPresent(metrics -> looks.addAll(metrics.verdicts(fleet, now)));
        for (var watch : fleet.watches()) {
            if (world.metrics.isEmpty()) {
                looks.add(verdict(watch, now, now.isBefore(world.metricsBackAt)
                        || world.links(watch.cell()).lasts(Fault.METRICS_CUT)
                        || world.outages.lasts(Fault.OUTAGE_OF_ALL)));
            }
            if (world.strikes(Fault.WRONG_EVIDENCE, 1)) {
                looks.add(new FleetEvent.VerdictReached(now, watch.cell(), new AttemptId(watch.attempt().rollout(),
                        watch.cell(),
                        watch.attempt().step(), watch.attempt().tryNumber() + 1), watch.version(), Verdict.HEALTHY,
                        100_000,
                        Evidence.of("of another attempt")));
            }
        }
    }

    private FleetEvent verdict(Watch watch, Instant now, boolean gone) {
        var cell = world.cell(watch.cell());
        long samples = Duration.between(watch.since(), now).toSeconds() * 2 / (cell.quiet() ? 10 : 1);
        Verdict verdict;
        if (gone || samples < 20 || !cell.installed().equals(Optional.of(watch.version()))
                || !cell.answers(world.truth, now)) {
            verdict = Verdict.NO_DATA;
        } else {
            verdict = world.truth.harms(watch.version(), cell.ran(now)) ? Verdict.HARMFUL : Verdict.HEALTHY;
        }
        return new FleetEvent.VerdictReached(now, watch.cell(), watch.attempt(), watch.version(), verdict,
                verdict == Verdict.NO_DATA ? 0 : samples, Evidence.of(verdict.word()));
    }

    private void replayOldLooks(List<FleetEvent> looks) {
        if (world.strikes(Fault.LOOK_LATE, 1)) {
            looks.addAll(oldLooks.subList(0, Math.min(oldLooks.size(), 10)));
            Collections.rotate(oldLooks, 3);
        }
        if (world.faults.share(Fault.LOOK_LATE) > 0) {
            oldLooks.addAll(looks);
            while (oldLooks.size() > MAX_OLD_LOOKS) {
                oldLooks.removeFirst();
            }
        }
    }
}
