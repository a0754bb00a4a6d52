package cambium.server.pages;

import cambium.rollout.AttemptId;
import cambium.rollout.FleetEvent.VerdictReached;
import cambium.rollout.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The verdicts about one version: how many there are of each kind, the harmful ones first and with their evidence,
/// then what each other attempt came to, then what was said of an attempt before its last verdict. The evidence of the
/// first is on the page; that of the others on the pages of their attempts.
///
/// @param said counts each attempt by its last verdict
public record VerdictsCard(String said, List<EvidenceCard> cards, List<Row> others) {
    private static final int MOST_CARDS = 12;
    static final int MOST = 400;

    public record Row(String cell, String attempt, Parts.Badge verdict, Parts.Moment at) {
        static Row of(VerdictReached reached, Instant now) {
            return new Row(reached.cell().toString(), reached.attempt().toString(),
                    Parts.Badge.of(reached.verdict().word()), Parts.Moment.of(reached.at(), now));
        }
    }

    private record Placed(VerdictReached reached, boolean last) {
        int place() {
            return reached.verdict() == Verdict.HARMFUL ? 0 : last ? 1 : 2;
        }
    }

    static VerdictsCard of(List<VerdictReached> newestFirst, Instant now) {
        Set<AttemptId> judged = new HashSet<>();
        var counts = new EnumMap<Verdict, Integer>(Verdict.class);
        var placed = new ArrayList<Placed>();
        for (VerdictReached reached : newestFirst) {
            boolean last = judged.add(reached.attempt());
            placed.add(new Placed(reached, last));
            if (last) {
                counts.merge(reached.verdict(), 1, Integer::sum);
            }
        }
        placed.sort(Comparator.comparing(Placed::place));
        List<VerdictReached> sorted = placed.stream().map(Placed::reached).toList();
        int cards = Math.min(MOST_CARDS, sorted.size());
        return new VerdictsCard(said(counts),
                sorted.subList(0, cards).stream().map(reached -> EvidenceCard.of(reached, now)).toList(),
                sorted.subList(cards, sorted.size()).stream().map(reached -> Row.of(reached, now)).toList());
    }

    private static String said(Map<Verdict, Integer> counts) {
        return Stream.of(Verdict.HARMFUL, Verdict.HEALTHY, Verdict.NO_DATA).filter(counts::containsKey)
                .map(verdict -> counts.get(verdict) + " " + Words.state(verdict.word()))
                .collect(Collectors.joining(", "));
    }

    /// The first is open where it is harmful: what is wrong is read without a click.
    public boolean isOpen(EvidenceCard card) {
        return card.grave() && card == cards.getFirst();
    }
}
