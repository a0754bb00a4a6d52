package cambium.server.fleet;

import cambium.rollout.FleetEvent;
import cambium.rollout.LogFlaw;
import cambium.rollout.LogTrust;
import cambium.server.sql.Recurring;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// While this process leads, goes through the whole log again and again, a piece each second on a thread of its own,
/// and records where it is not what was written: from then on nothing goes forward. Looks at that event until it is
/// right or accepted, then at all that comes after it, and only then records that the log is believed.
final class LogWatch implements AutoCloseable {
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    static final Duration BETWEEN_WALKS = Duration.ofSeconds(15);
    /// While the fleet stands still for it, so that a million events take less than a minute.
    static final int LOOKS_IN_DOUBT = 20;
    private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);

    private final LogChain chain;
    private final FleetStore store;
    private final BooleanSupplier leading;
    private final InstantSource time;
    private Optional<Recurring> looking = Optional.empty();
    private long lookedUpTo;
    private Instant restsUntil = Instant.MIN;

    LogWatch(LogChain chain, FleetStore store, BooleanSupplier leading, InstantSource time) {
        this.chain = chain;
        this.store = store;
        this.leading = leading;
        this.time = time;
    }

    synchronized void start() {
        looking = Optional.of(Recurring.start("log watch", Duration.ZERO, BETWEEN_LOOKS, this::look));
    }

    /// The looks of one second.
    void look() {
        if (!leading.getAsBoolean()) {
            lookedUpTo = 0;
            restsUntil = Instant.MIN;
            return;
        }
        var trust = store.load().fleet().log();
        trust.flaw().ifPresent(flaw -> {
            lookedUpTo = Math.min(lookedUpTo, flaw.number() - 1);
            restsUntil = Instant.MIN;
        });
        if (time.instant().isBefore(restsUntil)) {
            return;
        }
        for (var i = 0; i < (trust.flaw().isPresent() ? LOOKS_IN_DOUBT : 1); i++) {
            if (!goesOn(trust)) {
                return;
            }
        }
    }

    private boolean goesOn(LogTrust trust) {
        var look = chain.after(lookedUpTo);
        var flaw = look.flaws().stream().filter(found -> !trust.accepts(found)).findFirst();
        if (flaw.isPresent()) {
            doubt(trust, flaw.get());
            return false;
        }
        if (look.upTo() > lookedUpTo) {
            lookedUpTo = look.upTo();
            return true;
        }
        if (trust.doubt().isPresent()) {
            record(new FleetEvent.LogTrusted(time.instant(), lookedUpTo));
            LOG.info("fleet: the log is as it was written, or accepted, up to event {}; the fleet goes on", lookedUpTo);
        }
        lookedUpTo = 0;
        restsUntil = time.instant().plus(BETWEEN_WALKS);
        return false;
    }

    private void doubt(LogTrust trust, LogFlaw flaw) {
        lookedUpTo = flaw.number() - 1;
        if (trust.doubt().filter(known -> known.flaw().same(flaw)).isEmpty()) {
            record(new FleetEvent.LogDoubted(time.instant(), flaw));
            LOG.error("fleet: {}", flaw.told());
        }
    }

    private void record(FleetEvent event) {
        if (!store.record(List.of(event))) {
            LOG.warn("fleet: {} could not be recorded, since the fleet changes too fast; it is tried again",
                    event.getClass().getSimpleName());
        }
    }

    @Override
    public synchronized void close() {
        looking.ifPresent(Recurring::close);
    }
}
