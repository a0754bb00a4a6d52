package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// When forward starts are allowed: in any window of `allow` (where there is none: always), but never in one of `deny`.
public record Schedule(List<Window> allow, List<Window> deny) {
    public static final Schedule DEFAULT = new Schedule(List.of(), List.of());
    static final int MAX_WINDOWS = 50;
    /// Each step leaves one window or enters one, so this looks years ahead.
    private static final int MAX_STEPS = 2_000;

    /// Closed, until an instant where it ever opens again.
    record Closed(String why, Optional<Instant> opensAt) {}

    public Schedule {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        Grammar.range("number of windows", allow.size() + deny.size(), 0, MAX_WINDOWS);
    }

    boolean alwaysOpen() {
        return allow.isEmpty() && deny.isEmpty();
    }

    /// Empty while every schedule is open.
    static Optional<Closed> closed(List<Schedule> schedules, Instant now) {
        var hindrance = hindrance(schedules, now);
        if (hindrance.isEmpty()) {
            return Optional.empty();
        }
        var at = hindrance.get().opensAt();
        for (int step = 0; at.isPresent() && step < MAX_STEPS; step++) {
            var next = hindrance(schedules, at.get());
            if (next.isEmpty()) {
                return Optional.of(new Closed(hindrance.get().why(), at));
            }
            at = next.get().opensAt();
        }
        return Optional.of(new Closed(hindrance.get().why(), Optional.empty()));
    }

    /// What closes at this instant, and when that alone ends.
    private static Optional<Closed> hindrance(List<Schedule> schedules, Instant at) {
        for (var schedule : schedules) {
            for (var window : schedule.deny) {
                var until = window.coveredUntil(at);
                if (until.isPresent()) {
                    return Optional.of(new Closed("frozen until " + WholeSeconds.end(until.get())
                            + window.why().map(why -> ": " + why)
                            .orElse(""), until));
                }
            }
        }
        for (var schedule : schedules) {
            if (!schedule.allow.isEmpty() && schedule.allow.stream()
                    .noneMatch(window -> window.coveredUntil(at).isPresent())) {
                var next = schedule.allow.stream().flatMap(window -> window.nextStart(at).stream())
                        .min(Instant::compareTo);
                return Optional.of(new Closed("outside its windows", next));
            }
        }
        return Optional.empty();
    }

    /// Whether there ever is, or was, a time at which all are open.
    static boolean everOpen(List<Schedule> schedules) {
        var begins = new ArrayList<Instant>();
        schedules.forEach(schedule -> Stream.concat(schedule.allow.stream(), schedule.deny.stream()).forEach(window ->
                begins.add(window.from().atZone(window.zone()).toInstant())));
        var first = begins.stream().min(Instant::compareTo);
        return first.isEmpty() || closed(schedules, first.get().minus(Duration.ofSeconds(1)))
                .filter(closed -> closed.opensAt().isEmpty()).isEmpty();
    }
}
