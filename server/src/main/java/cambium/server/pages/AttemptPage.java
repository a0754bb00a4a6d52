package cambium.server.pages;

import cambium.rollout.FleetEvent.VerdictReached;
import java.time.Instant;
import java.util.List;

/// The page of one attempt: what it was to do, how it ended, its log, and what was judged of it, newest first. While it
/// runs the page follows it. Of a long log only the end is shown; the whole is at the address of the API.
public record AttemptPage(
        Shell shell, Parts.Moment at, AttemptLine attempt, boolean cut, String log, List<EvidenceCard> verdicts) {
    private static final int MOST_CHARACTERS = 300_000;

    static AttemptPage of(AttemptLine attempt, FleetReads.AttemptLog log, List<VerdictReached> verdicts, Instant now,
            Shell shell) {
        String text = log.text();
        boolean tooLong = text.length() > MOST_CHARACTERS;
        return new AttemptPage(
                shell,
                Parts.Moment.of(now, now),
                attempt,
                log.cut() || tooLong,
                tooLong ? text.substring(text.length() - MOST_CHARACTERS) : text,
                verdicts.stream().map(reached -> EvidenceCard.of(reached, now)).toList());
    }
}
