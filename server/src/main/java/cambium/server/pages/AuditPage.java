package cambium.server.pages;

import cambium.rollout.FleetEvent;
import cambium.rollout.LogFlaw;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The page `/audit`: the log of events, newest first, a piece at a time.
///
/// @param flaw what is wrong with the log, where it is not what was written
/// @param earlier the address of the piece before this one; none at the beginning of the log
public record AuditPage(Shell shell, Optional<String> flaw, Sought sought, List<HistoryLine> lines, long events,
        Optional<String> earlier) {
    static final int MOST_LINES = 100;
    /// Where few events fit, so many are looked at before the piece ends.
    static final int MOST_READ = 5_000;
    private static final int READ_AT_ONCE = 500;

    /// Which events are wanted.
    ///
    /// @param before only those of lower numbers
    /// @param who only those of that name; empty for all
    /// @param people only what somebody did, not what the coordinator decided
    public record Sought(long before, String who, boolean people) {
        public boolean any() {
            return people || !who.isEmpty();
        }

        private boolean fits(FleetEvent event) {
            var by = EventWords.who(event);
            return (who.isEmpty() || by.filter(who::equals).isPresent())
                    && (!people || by.filter(Predicate.not(FleetEvent.AUTOMATION::equals)).isPresent());
        }

        private String address(long number) {
            return "/audit?before=" + number + (people ? "&people=true" : "")
                    + (who.isEmpty() ? "" : "&who=" + URLEncoder.encode(who, StandardCharsets.UTF_8));
        }
    }

    static AuditPage of(FleetReads reads, Sought sought, Instant now, Shell shell) {
        var fleet = reads.fleet();
        var lines = new ArrayList<HistoryLine>();
        long next = Math.min(sought.before(), fleet.revision() + 1);
        long last = Math.max(1, next - MOST_READ);
        while (next > last && lines.size() < MOST_LINES) {
            var some = reads.before(next, READ_AT_ONCE);
            if (some.isEmpty()) {
                next = 1;
                break;
            }
            var fitting = new History(some, now).every(sought::fits);
            boolean more = fitting.size() > MOST_LINES - lines.size();
            lines.addAll(fitting.subList(0, Math.min(fitting.size(), MOST_LINES - lines.size())));
            next = more ? lines.getLast().number() : some.getFirst().number();
        }
        return new AuditPage(shell, fleet.log().flaw().map(LogFlaw::told), sought, List.copyOf(lines),
                fleet.revision(), next > 1 ? Optional.of(sought.address(next)) : Optional.empty());
    }
}
