package cambium.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/// The four figures by which DORA measures delivery, and the exposure to harm, over the versions whose fate was settled
/// in a stretch of time. Each figure is absent where there is nothing to measure it by.
///
/// @param days the length of the stretch that ends now
/// @param completed versions that every ring has: with `days`, the frequency of deployment
/// @param failed versions that were found bad
/// @param failureShare of those settled, how many failed, 0 to 1
/// @param leadTime from the start of the rollout until every ring had the version
/// @param graduation from the start until it graduated
/// @param restore from the finding until the last cell had left the version; those still on a cell do not count
/// @param exposure how long cells ran versions that were found bad, added up, before and after that was known
/// @param exposedCells of each such version, added up
/// @param versions those that were settled, the last first
public record DeliveryFigures(int days, int completed, int failed, OptionalDouble failureShare,
        Optional<Middle> leadTime, Optional<Middle> graduation, Optional<Middle> restore, Duration exposure,
        int exposedCells, List<DeliveryRecord.Fate> versions) {

    public record Middle(Duration median, Duration worst) {}

    public static DeliveryFigures of(List<DeliveryRecord.Fate> all, int days, Instant now) {
        Grammar.range("days", days, 1, 3_650);
        var since = now.minus(Duration.ofDays(days));
        var settled = all.stream().filter(version -> version.endedAt().filter(end -> !end.isBefore(since)).isPresent())
                .sorted((one, other) -> other.endedAt().get().compareTo(one.endedAt().get())).toList();
        var bad = settled.stream().filter(version -> version.blockedAt().isPresent()).toList();
        var good = settled.stream().filter(version -> version.blockedAt().isEmpty()).toList();
        return new DeliveryFigures(days, good.size(), bad.size(),
                settled.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of((double) bad.size() / settled.size()),
                middle(good, version -> between(Optional.of(version.startedAt()), version.completedAt())),
                middle(good, version -> between(Optional.of(version.startedAt()), version.graduatedAt())),
                middle(bad, version -> between(version.blockedAt(), version.restoredAt())),
                bad.stream().map(DeliveryRecord.Fate::cellTime).reduce(Duration.ZERO, Duration::plus),
                bad.stream().mapToInt(DeliveryRecord.Fate::cells).sum(), settled);
    }

    private static Optional<Duration> between(Optional<Instant> from, Optional<Instant> to) {
        return from.flatMap(begin -> to.filter(end -> !end.isBefore(begin)).map(end -> Duration.between(begin, end)));
    }

    private static Optional<Middle> middle(List<DeliveryRecord.Fate> versions,
            Function<DeliveryRecord.Fate, Optional<Duration>> figure) {
        var sorted = versions.stream().flatMap(version -> figure.apply(version).stream()).sorted().toList();
        return sorted.isEmpty() ? Optional.empty()
                : Optional.of(new Middle(sorted.get(sorted.size() / 2), sorted.getLast()));
    }
}
