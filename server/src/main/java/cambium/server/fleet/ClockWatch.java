package cambium.server.fleet;

import cambium.rollout.Alert;
import cambium.rollout.Scope;
import cambium.server.fleet.ClockCheck.Offset;
import cambium.server.sql.DatabaseClock;
import cambium.server.sql.Recurring;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks now and then, in every process, whether the time by which it reckons and tells ages is the database's. One
/// that does not coordinate would else go on by a clock that was wrong when it started, or from before its machine
/// slept. Says it once in the log, until it changes, and at each look as a figure and as an alert: also where only the
/// machine's clock was set wrong, by which the process would neither coordinate nor sign once it is started anew.
final class ClockWatch implements AutoCloseable {
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    private final ClockCheck check;
    private final String process;
    private Optional<Recurring> looking = Optional.empty();
    private boolean wrong;
    private volatile Optional<Offset> seen = Optional.empty();

    /// @param process tells it apart from all others, to people too
    ClockWatch(ClockCheck check, String process, MeterRegistry registry) {
        this.check = check;
        this.process = process;
        registry.gauge("cambium.clock.skew.seconds", this, watch ->
                watch.seen.map(offset -> offset.worse().toMillis() / 1000.0).orElse(Double.NaN));
    }

    void start() {
        looking = Optional.of(Recurring.start("clock watch", Duration.ZERO, BETWEEN_LOOKS, this::look));
    }

    /// One look; the time goes on from the machine's clock where only this one is right.
    void look() {
        var problem = problem();
        seen = Optional.of(check.offset());
        if (problem.isPresent() != wrong) {
            wrong = problem.isPresent();
            problem.ifPresentOrElse(LOG::warn, () -> LOG.info("the clock of this machine is right again"));
        }
    }

    /// Why what this process shows of times is wrong now, if so.
    Optional<String> problem() {
        return check.problem(true);
    }

    /// What somebody has to know of the clock, as it was seen at the last look.
    List<Alert> alerts() {
        return seen.filter(Offset::tooFar).map(skew -> new Alert(Alert.Kind.CLOCK_WRONG, new Scope.FleetWide(), process,
                "on " + process + " " + DatabaseClock.told(skew.worse()) + ": more than "
                        + DatabaseClock.MOST_SKEW.toSeconds() + " s", Optional.empty())).stream().toList();
    }

    /// The time without what it is known to be off: an alert about a wrong clock must not be dated by it.
    InstantSource corrected(InstantSource time) {
        return () -> time.instant().minus(seen.map(Offset::reckoned).orElse(Duration.ZERO));
    }

    @Override
    public void close() {
        looking.ifPresent(Recurring::close);
    }
}
