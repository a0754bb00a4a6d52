package cambium.server.pages;

import cambium.rollout.Cell;
import cambium.rollout.ProductVersion;
import java.util.Optional;

/// Whether a cell can go back, where to, and at what price: the question that is asked first when something burns.
public record GoBack(String answer, String sentence, String tone) {

    static GoBack of(Cell cell) {
        Optional<ProductVersion> runs = cell.sight().flatMap(Cell.Sight::version);
        if (runs.isEmpty()) {
            return new GoBack("No", "Nothing is known to run here, so there is nothing to go back from.", "quiet");
        }
        ProductVersion now = runs.get();
        Optional<ProductVersion> target =
                (cell.provedGood(now) ? cell.previousGood() : cell.lastKnownGood()).map(Cell.Proof::version);
        if (target.isEmpty()) {
            return new GoBack("No", "Nothing baked here before " + now + ", so there is no known good version to go"
                    + " back to.", "held");
        }
        if (cell.migrated(now)) {
            return new GoBack("Only with downtime", "PDM of " + now + " began here, so " + target.get()
                    + " may not run on this database any more; a rollback is refused unless asked for with downtime.",
                    "held");
        }
        return new GoBack("Yes", "To " + target.get() + ", without downtime: PDM of " + now + " has not run here.",
                "good");
    }
}
