package cambium.rollout.health;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// What the judge looks at, measured once: the cell before and since its deployment, and its controls.
///
/// @param after up to the end of the last whole short window, so that the verdict changes with windows, not with
///     looks
/// @param end the end of that window; before the first one has ended, now
record Case(Stretch before, Stretch after, List<ToldControl> controls, Instant since, Instant end,
        List<Interval> pastWindows, List<Interval> windows) {
    /// Counts are looked at each time a short window has ended.
    static final Duration SHORT = Duration.ofSeconds(5);
    /// Latency and saturation are judged by whole minutes: what lasts less than some of them is noise.
    static final Duration LONG = Duration.ofMinutes(1);
    /// Fewer requests than this, in a past or in a window, say nothing.
    static final double MIN_REQUESTS = 20;

    static Case of(HealthInput input) {
        long whole = wholeWindows(input.since(), input.now());
        var end = whole == 0 ? input.now() : input.since().plus(SHORT.multipliedBy(whole));
        var before = Stretch.of(input.before(), input.now());
        var after = Stretch.of(input.after(), end);
        var controls = input.controls().stream().map(each -> new ToldControl(each, end)).toList();
        return new Case(before, after, controls, input.since(), end, before.windows(LONG, MIN_REQUESTS),
                after.windows(LONG, MIN_REQUESTS));
    }

    /// How many short windows have ended.
    static long wholeWindows(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).dividedBy(SHORT));
    }

    boolean pastKnown() {
        return before.whole().filter(past -> past.requests() >= MIN_REQUESTS).isPresent();
    }

    /// The cells that were not changed, together, over some time since the deployment.
    Optional<Interval> cellsBetween(Instant from, Instant to) {
        return controls.stream().filter(told -> told.kind() == Control.Kind.CELL)
                .flatMap(told -> told.during(from, to).stream()).reduce(Interval::plus);
    }

    /// The minutes of the cell's past, and those of cells that were not changed, each beside that cell's own past:
    /// noisy or not, in stretches.
    ///
    /// @param tells whether an interval says anything of it
    WindowSignal.Known minutesWithoutIt(Predicate<Interval> tells, BiPredicate<Interval, Interval> noisy) {
        var own = before.whole().filter(tells).map(past -> told(past, pastWindows, tells, noisy)).orElse(List.of());
        var cells = new ArrayList<List<Boolean>>();
        controls.stream().filter(told -> told.kind() == Control.Kind.CELL)
                .forEach(told -> told.before().filter(tells).ifPresent(past -> told.minutes()
                        .forEach(minutes -> cells.add(told(past, minutes, tells, noisy)))));
        return new WindowSignal.Known(own, cells);
    }

    private static List<Boolean> told(Interval past, List<Interval> minutes, Predicate<Interval> tells,
            BiPredicate<Interval, Interval> noisy) {
        return minutes.stream().filter(tells).map(minute -> noisy.test(past, minute)).toList();
    }

    /// Whether a cell that was not changed has readings from before these windows and none in them: what it went
    /// through will be known in a moment.
    boolean controlsAreLate(Instant from, Instant to) {
        return controls.stream().filter(told -> told.kind() == Control.Kind.CELL)
                .anyMatch(told -> told.isLate(from, to));
    }
}
