package cambium.server.pages;

import cambium.rollout.FleetCommand;
import cambium.server.http.Parameters;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The acts that whoever looks is offered: those whose command the fleet would take from them as it is now. What it
/// would refuse for want of a right is not shown; the command asks again, by itself.
public final class Offers {
    /// To whoever has not signed in.
    static final Offers NONE = new Offers(() -> _ -> false, false, Instant.EPOCH);

    private final Supplier<Predicate<FleetCommand>> rights;
    private final boolean manages;
    private final Instant now;
    private Optional<Predicate<FleetCommand>> known = Optional.empty();

    /// @param rights read at most once, and not where a page offers nothing
    /// @param manages whether they may manage the fleet beside its commands
    Offers(Supplier<Predicate<FleetCommand>> rights, boolean manages, Instant now) {
        this.rights = rights;
        this.manages = manages;
        this.now = now;
    }

    /// Whether such a form would be taken, as far as rights go.
    boolean has(Act act, String... pairs) {
        Map<String, List<String>> sent = new LinkedHashMap<>();
        sent.put("ruling", List.of("approve"));
        for (int i = 0; i < pairs.length; i += 2) {
            sent.put(pairs[i], List.of(pairs[i + 1]));
        }
        var may = known.orElseGet(rights);
        known = Optional.of(may);
        return may.test(Forms.command(act, new Parameters(sent), now));
    }

    /// Whether `/webhooks` may be looked at.
    public boolean webhooks() {
        return manages;
    }

    /// The button that leads to the form, where it would be taken.
    Optional<Parts.Act> button(Act act, String label, String... pairs) {
        if (!has(act, pairs)) {
            return Optional.empty();
        }
        var button = Parts.Act.of(act, label, pairs[0], pairs[1]);
        for (int i = 2; i < pairs.length; i += 2) {
            button = button.and(pairs[i], pairs[i + 1]);
        }
        return Optional.of(button);
    }
}
