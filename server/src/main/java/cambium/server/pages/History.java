package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.CellId;
import cambium.rollout.FleetEvent;
import cambium.rollout.FleetEvent.AttemptRequested;
import cambium.rollout.FleetEvent.VerdictReached;
import cambium.rollout.ProductVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The newest events, read once for a page, and what can be told from them.
final class History {
    private final List<Happened> events;
    private final Instant now;
    private final Map<AttemptId, ProductVersion> versions = new HashMap<>();

    History(List<Happened> oldestFirst, Instant now) {
        this.events = List.copyOf(oldestFirst);
        this.now = now;
        for (Happened happened : events) {
            if (happened.event() instanceof AttemptRequested requested) {
                versions.put(requested.attempt(), requested.version());
            }
        }
    }

    List<HistoryLine> ofVersion(ProductVersion version, int limit) {
        Optional<ProductVersion> sought = Optional.of(version);
        return newest(limit, event -> isTold(event) && Concern.version(event, versions).equals(sought));
    }

    List<HistoryLine> ofCell(CellId cell, int limit) {
        return newest(limit, event -> isTold(event) && Concern.cells(event).contains(cell));
    }

    List<HistoryLine> ofAll(int limit) {
        return newest(limit, History::isTold);
    }

    /// Every event that fits, also those that are told by another.
    List<HistoryLine> every(Predicate<FleetEvent> which) {
        return newest(events.size(), which);
    }

    /// A request is told by its start or by its being withheld.
    private static boolean isTold(FleetEvent event) {
        return !(event instanceof AttemptRequested);
    }

    private List<HistoryLine> newest(int limit, Predicate<FleetEvent> which) {
        return events.reversed().stream()
                .filter(happened -> which.test(happened.event()))
                .limit(limit)
                .map(this::line)
                .toList();
    }

    private HistoryLine line(Happened happened) {
        FleetEvent event = happened.event();
        return new HistoryLine(
                happened.number(),
                Parts.Moment.of(event.at(), now),
                EventWords.what(event),
                EventWords.who(event),
                EventWords.why(event).map(why -> Words.readable(why, now)),
                Parts.Badge.of(EventWords.look(event)),
                Concern.attempt(event).map(AttemptId::toString));
    }

    /// The newest verdict for each cell and attempt that fits, newest first.
    List<VerdictReached> verdicts(Predicate<VerdictReached> which, int limit) {
        var found = new LinkedHashMap<String, VerdictReached>();
        for (Happened happened : events.reversed()) {
            if (happened.event() instanceof VerdictReached reached && which.test(reached)) {
                found.putIfAbsent(reached.cell() + " " + reached.attempt() + " " + reached.verdict(), reached);
            }
        }
        return found.values().stream().limit(limit).toList();
    }

    /// What is known of attempts from the events, newest first.
    List<AttemptLine> attempts(Predicate<AttemptId> which, int limit) {
        var found = new LinkedHashMap<AttemptId, AttemptLine>();
        for (Happened happened : events) {
            Concern.attempt(happened.event()).filter(which).ifPresent(attempt ->
                    found.merge(attempt, AttemptLine.requested(attempt), (known, _) -> known));
            Concern.attempt(happened.event()).filter(found::containsKey).ifPresent(attempt ->
                    found.put(attempt, found.get(attempt).after(happened.event(), now)));
        }
        return new ArrayList<>(found.values()).reversed().stream().limit(limit).toList();
    }
}
