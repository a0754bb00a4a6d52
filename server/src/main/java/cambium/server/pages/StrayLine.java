package cambium.server.pages;

import cambium.rollout.AttemptId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A result that came twice, too late, or for nothing known, and changed nothing: somewhere something ran, or said so,
/// that nobody waits for.
///
/// @param attempt as it was said
/// @param cell the cell that it names, where it reads as an attempt
public record StrayLine(Parts.Moment at, String attempt, Optional<String> cell, String origin, String said) {
    static List<StrayLine> all(List<FleetReads.Stray> strays, Instant now) {
        return strays.stream().map(stray -> new StrayLine(Parts.Moment.of(stray.at(), now), stray.attempt(),
                cell(stray.attempt()), stray.origin(), stray.said())).toList();
    }

    static List<StrayLine> ofCell(String cell, List<FleetReads.Stray> strays, Instant now) {
        return all(strays, now).stream().filter(line -> line.cell().equals(Optional.of(cell))).toList();
    }

    private static Optional<String> cell(String attempt) {
        try {
            return Optional.of(AttemptId.of(attempt).cell().toString());
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
