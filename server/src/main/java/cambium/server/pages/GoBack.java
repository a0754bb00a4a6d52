package cambium.server.pages;

import cambium.rollout.Cell;
import cambium.rollout.Fleet;
import cambium.rollout.ProductVersion;
import java.util.Optional;

/// Whether a cell can go back, where to, and at what price: the question that is asked first when something burns.
/// It follows the rule by which the fleet takes or refuses a person's rollback.
public record GoBack(String answer, String sentence, String tone) {

    static GoBack of(Cell cell, Fleet fleet) {
        Optional<ProductVersion> runs = cell.sight().flatMap(Cell.Sight::version);
        if (runs.isEmpty()) {
            return new GoBack("No", "Nothing is known to run here, so there is nothing to go back from.", "quiet");
        }
        ProductVersion now = runs.get();
        Optional<Cell.Proof> good = cell.provedGood(now) ? cell.previousGood() : cell.lastKnownGood();
        if (good.isEmpty()) {
            return new GoBack("No", "Nothing baked here before " + now + ", so there is no known good version to go"
                    + " back to.", "held");
        }
        ProductVersion target = good.get().version();
        if (fleet.version(target).filter(known -> known.blocked().isPresent()).isPresent()) {
            return new GoBack("No", "It would go back to " + target + ", which is blocked.", "held");
        }
        if (cell.crossed(good.get())) {
            return new GoBack("Only with downtime", "PDM of " + cell.pdm().orElseThrow().version() + " began here since"
                    + " " + target + " proved good, so a rollback is refused unless asked for with downtime.", "held");
        }
        return new GoBack("Yes", "To " + target + ", without downtime: no PDM began here since it proved good.",
                "good");
    }
}
