package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/// How fast a ring goes: how often cells may start, how long a failed step rests before its next try, and how long the
/// ring may stand still before somebody is called.
public record Pace(Optional<StartRate> startRate, BackOff backOff, Optional<Progress> progress) {
    static final Duration MAX_TIME = Duration.ofDays(30);
    public static final Pace DEFAULT = new Pace(Optional.empty(),
            new BackOff(Duration.ofSeconds(10), Duration.ofMinutes(10)), Optional.empty());

    /// At most that many deployments start in any stretch of time of this length.
    public record StartRate(int count, Duration per) {
        private static final Pattern GRAMMAR = Pattern.compile("([0-9]{1,6}) per ([0-9]{1,6})([smh])");

        public StartRate {
            Grammar.range("start-rate", count, 1, FleetSpec.MAX_CELLS);
            time("start-rate", per, Duration.ofSeconds(1));
        }

        /// Reads `20 per 1m`.
        public static StartRate of(String text) {
            var match = GRAMMAR.matcher(text);
            if (!match.matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a rate of starts, such as 20 per 1m");
            }
            long amount = Long.parseLong(match.group(2));
            return new StartRate(Integer.parseInt(match.group(1)), switch (match.group(3)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            });
        }

        @Override
        public String toString() {
            return count + " per " + words(per);
        }
    }

    /// Rests double from the first to the most; the later half of each is drawn from the name of the attempt that
    /// ended, so that many cells do not come back at once, and the same history always gives the same instants.
    public record BackOff(Duration first, Duration most) {
        public BackOff {
            time("back-off", first, Duration.ZERO);
            time("back-off", most, first);
        }

        /// When the next try may begin.
        Instant after(Attempt ended) {
            var endedAt = ended.finishedAt().orElseThrow();
            long full = first.toMillis();
            for (int tries = 1; tries < ended.ran() && full < most.toMillis(); tries++) {
                full *= 2;
            }
            full = Math.min(full, most.toMillis());
            long draw = ended.id().toString().hashCode() * 0x9E3779B97F4A7C15L >>> 33;   // spreads similar names
            return endedAt.plusMillis(full / 2 + (full + 1) / 2 * draw / (1L << 31));
        }
    }

    /// @param within the longest time in which nothing may begin or end
    /// @param fail whether the version then counts as failed, rather than only calling somebody
    public record Progress(Duration within, boolean fail) {
        public Progress {
            time("progress", within, Duration.ofMinutes(1));
        }
    }

    /// `90s`, `2h`: a time as people write it.
    static String words(Duration time) {
        return time.toSeconds() % 60 != 0 ? time.toSeconds() + "s" : time.toMinutes() % 60 != 0 ? time.toMinutes() + "m"
                : time.toHours() + "h";
    }

    private static void time(String what, Duration time, Duration least) {
        if (time.compareTo(least) < 0 || time.compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException(what + " is " + time + ", must be from " + least + " to "
                    + MAX_TIME.toDays() + " days");
        }
    }
}
