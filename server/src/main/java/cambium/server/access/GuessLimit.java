package cambium.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts wrong tokens and passwords per address (or e-mail) in windows of a minute. It lives in this process and not
/// in PostgreSQL on purpose: a guess must not cost a write, or guessing would be a way to fill the database. With n
/// processes a guesser gets n times as many tries, which against 192 bits is nothing.
final class GuessLimit {
    static final int MAX_WRONG_PER_WINDOW = 30;
    /// More than per address, since whoever guesses from many addresses also keeps the owner out meanwhile.
    static final int MAX_WRONG_PER_EMAIL = 100;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MAX_ADDRESSES = 10_000;

    private final InstantSource clock;
    private final int maxWrong;
    private final Map<String, Count> counts = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private record Count(Instant since, int wrong) {}

    GuessLimit(InstantSource clock, int maxWrong) {
        this.clock = clock;
        this.maxWrong = maxWrong;
    }

    synchronized boolean isOver(String address) {
        var count = counts.get(address);
        return count != null && count.wrong >= maxWrong
                && clock.instant().isBefore(count.since.plus(WINDOW));
    }

    synchronized void wrong(String address) {
        var now = clock.instant();
        counts.merge(address, new Count(now, 1), (old, fresh) ->
                now.isBefore(old.since.plus(WINDOW)) ? new Count(old.since, old.wrong + 1) : fresh);
    }
}
