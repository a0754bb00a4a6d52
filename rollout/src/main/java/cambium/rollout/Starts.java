package cambium.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The deployments that started on one cell lately, the newest last: what a rate of starts is counted by. At most
/// {@value #MAX}, none older than a rate can look back.
public record Starts(List<Start> recent) {
    static final int MAX = 100;
    public static final Starts DEFAULT = new Starts(List.of());

    public record Start(RingNumber ring, Instant at) {}

    public Starts {
        recent = List.copyOf(recent);
    }

    Starts with(Start start) {
        var kept = new ArrayList<>(recent);
        kept.removeIf(each -> !each.at().plus(Pace.MAX_TIME).isAfter(start.at()));
        kept.add(start);
        return new Starts(kept.subList(Math.max(0, kept.size() - MAX), kept.size()));
    }
}
