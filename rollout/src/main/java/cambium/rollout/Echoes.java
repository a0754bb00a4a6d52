package cambium.rollout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which waits of a plan only pass on another: a ring stands for want of what one of its cells wants, and a version
/// for want of what its ring wants. Such a wait has the code of the other and quotes it, subject and sentence. Whoever
/// counts causes or calls people goes by the other, which is always in the plan.
final class Echoes {
    private static final Pattern SUBJECT = Pattern.compile("(?:cell|ring) [^\\s:]+(?=: )");

    private final Map<String, Wait> quotable = new HashMap<>();

    Echoes(List<Wait> waits) {
        for (var wait : waits) {
            quotable.putIfAbsent(wait.code() + " " + wait.subject(), wait);
        }
    }

    /// The wait that this one passes on, if it does.
    Optional<Wait> of(Wait wait) {
        return switch (wait.subject()) {
            case Scope.FleetWide _, Scope.OfCell _ -> Optional.empty();
            case Scope.OfRing _, Scope.OfVersion _ -> SUBJECT.matcher(wait.text()).results()
                    .map(found -> quotable.get(wait.code() + " " + found.group()))
                    .filter(other -> other != null && !other.subject().equals(wait.subject())
                            && wait.text().contains(other.subject() + ": " + other.text()))
                    .findFirst();
        };
    }
}
