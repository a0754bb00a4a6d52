package cambium.rollout.health;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What one control's readings tell; worked out when it is asked for, as most looks need no control.
final class ToldControl {
    private final Control control;
    private final Supplier<Stretch> earlier;
    private final Supplier<Optional<Interval>> before;
    private final Supplier<Stretch> after;

    ToldControl(Control control, Instant end) {
        this.control = control;
        earlier = once(() -> Stretch.of(control.before(), end));
        before = once(() -> earlier.get().whole());
        after = once(() -> Stretch.of(control.after(), end));
    }

    Control.Kind kind() {
        return control.kind();
    }

    Optional<Interval> before() {
        return before.get();
    }

    /// Its minutes before and since, for as long as each goes back.
    List<List<Interval>> minutes() {
        return List.of(earlier.get().windows(Case.LONG, Case.MIN_REQUESTS),
                after.get().windows(Case.LONG, Case.MIN_REQUESTS));
    }

    /// What it showed at the time of some windows: a cell over just that time, the day before all that is known.
    Optional<Interval> during(Instant from, Instant to) {
        return control.kind() == Control.Kind.YESTERDAY ? after.get().whole() : after.get().between(from, to);
    }

    boolean isLate(Instant from, Instant to) {
        return after.get().between(from, to).isEmpty()
                && after.get().last().filter(last -> !last.isBefore(from.minus(Case.LONG))).isPresent();
    }

    private static <T> Supplier<T> once(Supplier<T> work) {
        return new Supplier<>() {
            private Optional<T> known = Optional.empty();

            @Override
            public T get() {
                if (known.isEmpty()) {
                    known = Optional.of(work.get());
                }
                return known.get();
            }
        };
    }
}
