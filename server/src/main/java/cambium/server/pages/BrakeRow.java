package cambium.server.pages;

import cambium.rollout.FleetStatus.BrakeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One brake that is on.
///
/// @param pages when somebody is asked about it next
/// @param overdue until when it was wanted, where that is past: somebody was asked
/// @param also which wider brake holds the same, or what pulls it again
/// @param underTheFile the brake file pulls it: nobody releases it while that lies there
/// @param release where the form is that releases it, for whoever may and where it would be released
public record BrakeRow(String scope, String subject, String by, String why, Parts.Moment since,
        Parts.Countdown pages, Optional<Parts.Moment> overdue, boolean cancels, Optional<String> also,
        boolean underTheFile, Optional<String> release) {
    static List<BrakeRow> all(List<BrakeStatus> brakes, FleetNow fleet, Offers offers) {
        return brakes.stream().map(brake -> of(brake, fleet, offers)).toList();
    }

    /// Their buttons lead back to the board.
    static List<BrakeRow> ofTheBoard(List<BrakeStatus> brakes, FleetNow fleet, Offers offers) {
        return brakes.stream().map(brake -> of(brake, fleet, offers).andBackTo("brakes")).toList();
    }

    private static BrakeRow of(BrakeStatus brake, FleetNow fleet, Offers offers) {
        Instant now = fleet.at();
        return new BrakeRow(
                brake.scope(),
                Forms.back(brake.scope()),
                brake.by(),
                brake.why(),
                Parts.Moment.of(brake.since(), now),
                Parts.Countdown.of(brake.pagesAt(), now),
                brake.until().filter(until -> !until.isAfter(now)).map(until -> Parts.Moment.of(until, now)),
                brake.cancels(),
                Brakes.also(fleet, brake),
                fleet.underTheFile(brake.scope()),
                fleet.underTheFile(brake.scope()) ? Optional.empty()
                        : offers.button(Act.RELEASE_BRAKE, "", "scope", brake.scope()).map(Parts.Act::href));
    }

    private BrakeRow andBackTo(String board) {
        return new BrakeRow(scope, subject, by, why, since, pages, overdue, cancels, also,
                underTheFile, release.map(form -> form + "&from=" + board));
    }
}
