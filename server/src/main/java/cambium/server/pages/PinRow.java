package cambium.server.pages;

import java.util.List;
import java.util.Optional;

/// One ring or cell that is kept on a version.
///
/// @param overdue until when it was wanted, where that is past: somebody was asked
/// @param release the command that releases it
public record PinRow(String scope, String subject, String version, String by, String why, Parts.Moment since,
        Optional<Parts.Moment> overdue, String release) {
    static final int MOST_SHOWN = 50;

    static List<PinRow> all(FleetNow fleet) {
        return fleet.pins().stream().limit(MOST_SHOWN).map(pin -> new PinRow(pin.scope(), Forms.back(pin.scope()),
                pin.version(), pin.by(), pin.why(), Parts.Moment.of(pin.since(), fleet.at()), pin.until()
                .filter(until -> !until.isAfter(fleet.at())).map(until -> Parts.Moment.of(until, fleet.at())),
                "cambium pin --off --" + pin.scope() + " --why TEXT")).toList();
    }
}
