package cambium.server.fleet;

import cambium.rollout.Fleet;
import cambium.rollout.Scope;
import cambium.server.http.Refused;
import java.util.Optional;
import java.util.function.Supplier;

/// Finds what a person means by a word: a cell's name, a ring (`2` or `ring-2`) or a version, looked for in this order.
final class Subject {
    private static final int MAX_SHOWN = 80;

    private Subject() {}

    /// The scope of that word in the fleet, or [Refused] with 404.
    static Scope named(Fleet fleet, String text) {
        return cell(fleet, text).or(() -> ring(fleet, text)).or(() -> version(fleet, text))
                .orElseThrow(() -> unknown(text));
    }

    private static Refused unknown(String text) {
        var shown = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
        if (text.matches("ring-.*|-?[0-9]{1,4}")) {
            return new Refused(404, "unknown_ring", "there is no ring '" + shown + "'");
        }
        return text.matches("[0-9].*")
                ? new Refused(404, "unknown_version", "there is no version '" + shown + "'")
                : new Refused(404, "unknown_cell", "there is no cell, ring or version '" + shown + "'");
    }

    private static Optional<Scope> cell(Fleet fleet, String text) {
        return fleet.cells().keySet().stream().filter(id -> id.toString().equals(text))
                .findFirst().map(Scope.OfCell::new);
    }

    private static Optional<Scope> ring(Fleet fleet, String text) {
        return fleet.rings().keySet().stream()
                .filter(ring -> ring.toString().equals(text) || ("ring-" + ring).equals(text))
                .findFirst().map(Scope.OfRing::new);
    }

    private static Optional<Scope> version(Fleet fleet, String text) {
        return fleet.versions().keySet().stream().filter(version -> version.toString().equals(text))
                .findFirst().map(Scope.OfVersion::new);
    }

    /// What a grammar makes of a text, or [Refused] with the status and code given.
    static <T> T parsed(int status, String code, String field, Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException wrong) {
            throw new Refused(status, code, String.valueOf(wrong.getMessage()), field);
        }
    }
}
