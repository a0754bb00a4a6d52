package cambium.server.fleet;

import cambium.rollout.FleetEvent;
import cambium.server.access.Actor;
import cambium.server.access.Denials;
import cambium.server.fleet.handover.OneLine;
import cambium.server.sql.Recurring;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts what was denied to somebody who is known into the log of the fleet (C-27), within about a second, and so that
/// no flood of tries fills the log or holds up a tick: one commit a second at most; a try that is repeated is told
/// again after a minute, with how often it was made, then after two, four … minutes, at most each hour; and of an
/// account that tries ever other things only so many are told apart. Each process counts for itself. What anonymous
/// callers tried is a figure and no more.
public final class DeniedTries implements Denials, AutoCloseable {
    static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    static final int MAX_TRIES_PER_ACCOUNT = 20;
    static final int MAX_ACCOUNTS = 1_000;
    static final int MAX_EVENTS_PER_COMMIT = 200;
    static final int MAX_TEXT_CHARACTERS = 200;
    /// Stands for what an account tries beyond that.
    static final String OTHERS = "other acts";
    private static final Duration BETWEEN_COMMITS = Duration.ofSeconds(1);
    private static final String COUNTER = "cambium.denied.tries";
    private static final Logger LOG = LoggerFactory.getLogger(DeniedTries.class);

    private final FleetStore store;
    private final Counter known;
    private final Counter anonymous;
    private final InstantSource time;
    private final Map<String, Map<Try, Count>> accounts = new LinkedHashMap<>();
    private Optional<Recurring> recording = Optional.empty();

    private record Try(String act, Optional<String> target, List<String> missing) {}

    /// Of one try since it was told last.
    private static final class Count {
        private int untold;
        private Instant last = Instant.MIN;
        private Instant quietUntil = Instant.MIN;
        private Duration pause = FIRST_PAUSE;

        boolean isDue(Instant now) {
            return untold > 0 && !now.isBefore(quietUntil);
        }

        boolean isOver(Instant now) {
            return untold == 0 && !now.isBefore(quietUntil);
        }

        void told(int times, Instant now) {
            untold -= times;
            quietUntil = now.plus(pause);
            pause = pause.compareTo(LONGEST_PAUSE.dividedBy(2)) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private record Due(Count count, int times, FleetEvent event) {}

    DeniedTries(FleetStore store, MeterRegistry registry, InstantSource time) {
        this.store = store;
        this.known = registry.counter(COUNTER, "who", "known");
        this.anonymous = registry.counter(COUNTER, "who", "anonymous");
        this.time = time;
    }

    void start() {
        recording = Optional.of(Recurring.start("denied tries", BETWEEN_COMMITS, BETWEEN_COMMITS, this::record));
    }

    @Override
    public void denied(Actor by, List<String> missing, String act, Optional<String> target) {
        if (by.isAnonymous()) {
            anonymous.increment();
            return;
        }
        known.increment();
        count(OneLine.of(by.name(), MAX_TEXT_CHARACTERS), new Try(OneLine.of(act, MAX_TEXT_CHARACTERS),
                target.map(text -> OneLine.of(text, MAX_TEXT_CHARACTERS)), List.copyOf(missing)));
    }

    private synchronized void count(String account, Try made) {
        if (!accounts.containsKey(account) && accounts.size() >= MAX_ACCOUNTS) {
            LOG.warn("denied: '{}' stands in this log only, too many accounts were denied something", account);
            return;
        }
        var tries = accounts.computeIfAbsent(account, _ -> new LinkedHashMap<>());
        boolean apart = tries.containsKey(made) || tries.size() < MAX_TRIES_PER_ACCOUNT;
        var count = tries.computeIfAbsent(apart ? made : new Try(OTHERS, Optional.empty(), List.of()),
                _ -> new Count());
        count.untold++;
        count.last = time.instant();
    }

    /// Commits what is due. What cannot be committed now stays due.
    void record() {
        record(time.instant());
    }

    private void record(Instant now) {
        var due = due(now);
        if (due.isEmpty()) {
            return;
        }
        if (store.record(due.stream().map(Due::event).toList())) {
            told(due, now);
        }
    }

    private synchronized List<Due> due(Instant now) {
        var due = new ArrayList<Due>();
        accounts.forEach((account, tries) -> tries.forEach((made, count) -> {
            if (count.isDue(now) && due.size() < MAX_EVENTS_PER_COMMIT) {
                due.add(new Due(count, count.untold, new FleetEvent.TryDenied(count.last, account, made.act(),
                        made.target(), made.missing(), count.untold)));
            }
        }));
        accounts.values().forEach(tries -> tries.values().removeIf(count -> count.isOver(now)));
        accounts.values().removeIf(Map::isEmpty);
        return due;
    }

    private synchronized void told(List<Due> due, Instant now) {
        due.forEach(each -> each.count().told(each.times(), now));
    }

    /// Commits all that was counted and not told.
    @Override
    public void close() {
        recording.ifPresent(Recurring::close);
        try {
            record(Instant.MAX.minus(LONGEST_PAUSE));
        } catch (RuntimeException lost) {
            LOG.warn("the last denied tries stand in this log only: {}", lost.toString());
        }
    }
}
