package cambium.rollout;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// A ring that is further behind what has graduated than its policy bears.
///
/// @param text how far, and how far it may be
/// @param since when it passed that, as what it runs or takes now
public record TooFarBehind(RingNumber ring, Behind behind, String text, Instant since) {

    /// In order of number; quarantine takes nothing and so is never late.
    public static List<TooFarBehind> in(Fleet fleet, Instant now) {
        var limited = fleet.spec().stream().flatMap(spec -> spec.rings().stream())
                .filter(ring -> ring.ring().value() >= 0 && ring.policy().cells().mostBehind().isPresent()).toList();
        if (limited.isEmpty()) {
            return List.of();
        }
        var graduates = new Graduates(fleet);
        return limited.stream().flatMap(ring -> {
            var cells = fleet.cells().values().stream().filter(cell -> cell.ring().equals(ring.ring())).toList();
            return in(ring, graduates.behind(cells, now), graduates, now);
        }).toList();
    }

    static Stream<TooFarBehind> in(RingSpec ring, Behind behind, Graduates graduates, Instant now) {
        return ring.policy().cells().mostBehind().stream().flatMap(limit -> limit.passed(behind, now).stream()
                .map(text -> new TooFarBehind(ring.ring(), behind, text, since(limit, behind, graduates, now))));
    }

    private static Instant since(BehindLimit limit, Behind behind, Graduates graduates, Instant now) {
        var many = limit.versions().filter(most -> behind.versions() > most)
                .map(most -> graduates.passed(behind, most));
        var late = limit.time().flatMap(most -> behind.since().map(oldest -> oldest.plus(most)));
        return Stream.concat(many.stream(), late.stream()).min(Instant::compareTo).orElse(now);
    }
}
