package cambium.server.pages;

import cambium.rollout.CanGoBack;
import cambium.rollout.Cell;
import cambium.rollout.Fleet;
import java.util.Optional;

/// How a page answers whether a cell can go back.
public record GoBack(String answer, String sentence, String tone) {

    static GoBack of(Cell cell, Fleet fleet) {
        return switch (CanGoBack.of(fleet, cell, Optional.empty())) {
            case CanGoBack.Yes(var _, var text) -> new GoBack("Yes", text, "good");
            case CanGoBack.WithDowntime(var _, var text) -> new GoBack("Only with downtime", text, "held");
            case CanGoBack.No(var text) -> new GoBack("No", text, cell.sight().flatMap(Cell.Sight::version).isEmpty()
                    ? "quiet" : "held");
        };
    }
}
