package cambium.server.fleet;

import cambium.server.sql.Recurring;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks now and then, in every process, whether the time by which it reckons and tells ages is the database's. One
/// that does not coordinate would else go on by a clock that was wrong when it started, or from before its machine
/// slept. Says it once in the log, until it changes.
final class ClockWatch implements AutoCloseable {
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    private final ClockCheck check;
    private Optional<Recurring> looking = Optional.empty();
    private boolean wrong;

    ClockWatch(ClockCheck check) {
        this.check = check;
    }

    void start() {
        looking = Optional.of(Recurring.start("clock watch", Duration.ZERO, BETWEEN_LOOKS, this::look));
    }

    /// One look; the time goes on from the machine's clock where only this one is right.
    void look() {
        var problem = problem();
        if (problem.isPresent() != wrong) {
            wrong = problem.isPresent();
            problem.ifPresentOrElse(LOG::warn, () -> LOG.info("the clock of this machine is right again"));
        }
    }

    /// Why what this process shows of times is wrong now, if so.
    Optional<String> problem() {
        return check.problem(true);
    }

    @Override
    public void close() {
        looking.ifPresent(Recurring::close);
    }
}
