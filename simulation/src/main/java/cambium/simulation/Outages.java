package cambium.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Troubles of one place that begin by chance and last for a while, most of them for minutes.
final class Outages {
    private final World world;
    private final String where;
    private final List<Fault> kinds;
    private final Map<Fault, Stretch> stretches = new EnumMap<>(Fault.class);

    private record Stretch(Instant from, Instant until) {}

    Outages(World world, String where, Fault... kinds) {
        this.world = world;
        this.where = where;
        this.kinds = List.of(kinds);
    }

    /// Lets those begin that chance wants.
    void pass() {
        var now = world.time.instant();
        for (var kind : kinds) {
            if (!lasts(kind) && world.strikes(kind, 1)) {
                var length = world.chance.upTo(Duration.ofMinutes(world.chance.in(0.2) ? 120 : 10));
                stretches.put(kind, new Stretch(now, now.plus(length)));
                world.timeline.tell(where, () -> kind.word() + " for " + length);
            }
        }
    }

    boolean lasts(Fault kind) {
        return lasts(kind, Duration.ZERO);
    }

    /// Whether it lasts, and has for longer than this.
    boolean lasts(Fault kind, Duration longer) {
        var stretch = stretches.get(kind);
        var now = world.time.instant();
        return stretch != null && now.isBefore(stretch.until()) && !stretch.from().plus(longer).isAfter(now);
    }

    void end() {
        stretches.clear();
    }
}
