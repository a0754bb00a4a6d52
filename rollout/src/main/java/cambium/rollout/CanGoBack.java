package cambium.rollout;

import java.util.Optional;

/// Whether a cell can go back, where to, and at what price: the question that is asked first when something burns.
/// It follows the rule by which the fleet takes or refuses a person's rollback.
public sealed interface CanGoBack {
    String text();

    record Yes(ProductVersion target, String text) implements CanGoBack {}

    record WithDowntime(ProductVersion target, String text) implements CanGoBack {}

    record No(String text) implements CanGoBack {}

    /// @param wanted the version to go back to; empty for the one that a rollback takes
    static CanGoBack of(Fleet fleet, Cell cell, Optional<ProductVersion> wanted) {
        var runs = cell.sight().flatMap(Cell.Sight::version);
        if (runs.isEmpty()) {
            return new No("Nothing is known to run here, so there is nothing to go back from.");
        }
        var now = runs.get();
        var good = cell.provedGood(now) ? cell.previousGood() : cell.lastKnownGood();
        if (good.isEmpty()) {
            return new No("Nothing baked here before " + now + ", so there is no known good version to go back to.");
        }
        var target = good.get().version();
        if (wanted.filter(version -> !version.equals(target)).isPresent()) {
            return new No("It goes back only to " + target + ", the version that it baked before " + now + ", not to "
                    + wanted.get() + ".");
        }
        if (fleet.version(target).filter(known -> known.blocked().isPresent()).isPresent()) {
            return new No("It would go back to " + target + ", which is blocked.");
        }
        return switch (WayBack.of(fleet, cell, now, good.get())) {
            case WayBack.Open _ when cell.crossed(good.get()) -> new Yes(target, "To " + target
                    + ", without downtime: it works with every migration that ran here since it proved good.");
            case WayBack.Open _ -> new Yes(target, "To " + target
                    + ", without downtime: no PDM began here since it proved good.");
            case WayBack.WithDowntime(var why) -> new WithDowntime(target, sentence(why)
                    + ", so a rollback to " + target + " is refused unless asked for with downtime.");
            case WayBack.Closed(var why) -> new No(sentence(why) + ", so the cell cannot go back to " + target
                    + "; restore its data first, or go forward.");
        };
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
