package cambium.simulation;

import cambium.rollout.Evidence;
import cambium.rollout.Fleet;
import cambium.rollout.FleetEvent;
import cambium.rollout.Verdict;
import cambium.rollout.Watch;
import cambium.server.fleet.CellObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks that always succeed, and what the judge says. Metrics may be away, for half an hour at most. The real judge,
/// where it is asked, judges only the version that the forecast is about: the one before is good.
final class ForecastObserver implements CellObserver {
    private static final int REQUESTS_A_SECOND = 10;
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(30);

    private final World world;
    private final JudgeOfForecast judge;
    private boolean asksRealJudge;

    ForecastObserver(World world, JudgeOfForecast judge) {
        this.world = world;
        this.judge = judge;
    }

    /// From here on it is about the version that the forecast is about.
    void begin() {
        asksRealJudge = judge instanceof JudgeOfForecast.Real;
    }

    @Override
    public List<FleetEvent> observe(Fleet fleet, Instant now) {
        var looks = new ArrayList<FleetEvent>();
        for (var id : fleet.cells().keySet()) {
            var cell = world.cell(id);
            boolean answers = cell.answers(world.truth, now);
            looks.add(new FleetEvent.CellObserved(now, id, answers, answers ? cell.installed() : Optional.empty()));
        }
        if (!now.isBefore(world.metricsBackAt) && world.strikes(Fault.METRICS_GONE, 20)) {
            world.metricsBackAt = now.plus(world.chance.upTo(LONGEST_OUTAGE));
        }
        if (asksRealJudge) {
            looks.addAll(world.metrics.orElseThrow().verdicts(fleet, now));
        } else {
            var after = judge instanceof JudgeOfForecast.Right(var time) ? time : Duration.ZERO;
            fleet.watches().forEach(watch -> looks.add(verdict(watch, now, after)));
        }
        return looks;
    }

    private FleetEvent verdict(Watch watch, Instant now, Duration after) {
        var cell = world.cell(watch.cell());
        boolean seen = cell.installed().equals(Optional.of(watch.version())) && cell.answers(world.truth, now)
                && cell.ran(now).compareTo(after) >= 0 && !now.isBefore(world.metricsBackAt);
        var verdict = !seen ? Verdict.NO_DATA
                : world.truth.harms(watch.version(), cell.ran(now).minus(after)) ? Verdict.HARMFUL
                : Verdict.HEALTHY;
        long samples = seen ? Duration.between(watch.since(), now).toSeconds() * REQUESTS_A_SECOND : 0;
        return new FleetEvent.VerdictReached(now, watch.cell(), watch.attempt(), watch.version(), verdict, samples,
                Evidence.of(verdict == Verdict.HARMFUL ? "the version harms it, in truth" : verdict.word()));
    }
}
