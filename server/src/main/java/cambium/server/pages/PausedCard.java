package cambium.server.pages;

import cambium.rollout.FleetStatus.PausedStatus;
import cambium.rollout.Scope;
import cambium.rollout.Wait;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// That the fleet has paused itself, since when, because of which ring, what holds that ring, and what ends it.
///
/// @param version the one that waits, if one does
/// @param letIn where the form is that lets it in before the end, for whoever may
public record PausedCard(int ring, String why, Parts.Moment since, Optional<String> version, List<Holding> heldBy,
        Optional<Parts.Act> letIn) {
    public PausedCard {
        heldBy = List.copyOf(heldBy);
    }

    /// @param page where the subject is shown
    public record Holding(String subject, String page, String text, Optional<Parts.Countdown> until) {
        static Holding of(Wait wait, Instant now) {
            return new Holding(wait.subject().toString(), page(wait.subject()), Words.readable(wait.text(), now),
                    wait.until().map(until -> Parts.Countdown.of(until, now)));
        }

        private static String page(Scope subject) {
            return Forms.back(subject.toString());
        }
    }

    static Optional<PausedCard> of(FleetNow fleet, Offers offers) {
        return fleet.paused().map(pause -> new PausedCard(pause.ring(), Words.readable(pause.why(), fleet.at()),
                Parts.Moment.of(pause.since(), fleet.at()), pause.version(),
                pause.heldBy().stream().map(wait -> Holding.of(wait, fleet.at())).toList(),
                pause.version().flatMap(version -> letIn(version, offers))));
    }

    /// On the page of the version that waits, and of no other.
    static Optional<PausedCard> of(String version, FleetNow fleet, Offers offers) {
        return of(fleet, offers).filter(card -> card.version().equals(Optional.of(version)));
    }

    private static Optional<Parts.Act> letIn(String version, Offers offers) {
        return offers.button(Act.APPROVE, "Let " + version + " in", "version", version, "ring", "0");
    }

    /// The same in a sentence, first on the page of the fleet.
    static Optional<String> headline(FleetNow fleet) {
        return fleet.paused().map(PausedStatus::ring).map(ring -> "The fleet has paused itself: nothing new begins"
                + " while ring " + ring + " is too far behind. ");
    }
}
