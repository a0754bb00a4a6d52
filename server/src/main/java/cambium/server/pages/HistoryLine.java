package cambium.server.pages;

import java.util.Optional;

/// One line of a time line; `attempt` is the attempt whose page tells more.
public record HistoryLine(
        long number,
        Parts.Moment at,
        String what,
        Optional<String> who,
        Optional<String> why,
        Parts.Badge badge,
        Optional<String> attempt) {}
