package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// One line of a time line; `attempt` is the attempt whose page tells more.
public record HistoryLine(
        long number,
        Parts.Moment at,
        String what,
        Optional<String> who,
        Optional<String> why,
        Parts.Badge badge,
        Optional<String> attempt) {
    /// How many lines a page shows before those that are folded away.
    private static final int AT_ONCE = 8;

    public static List<HistoryLine> newest(List<HistoryLine> newestFirst) {
        return newestFirst.subList(0, Math.min(AT_ONCE, newestFirst.size()));
    }

    public static List<HistoryLine> earlier(List<HistoryLine> newestFirst) {
        return newestFirst.subList(newest(newestFirst).size(), newestFirst.size());
    }
}
