package cambium.simulation;

import cambium.rollout.Brake;
import cambium.rollout.Fleet;
import cambium.rollout.Scope;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Readings that depend on what the same process read before.
final class Memories {
    private Memories() {}

    /// Whoever releases a narrow brake has released every wider one, too.
    static final class Lifting implements UnaryOperator<Fleet> {
        private Set<Brake> before = Set.of();
        private final Set<Brake> lifted = new HashSet<>();

        @Override
        public Fleet apply(Fleet fleet) {
            var now = Set.copyOf(fleet.brakes().values());
            if (before.stream().anyMatch(brake -> !now.contains(brake)
                    && !(brake.scope() instanceof Scope.FleetWide))) {
                now.stream().filter(brake -> brake.scope() instanceof Scope.FleetWide).forEach(lifted::add);
            }
            before = now;
            return Narrowly.withBrakes(fleet, brake -> !lifted.contains(brake));
        }
    }

    /// Brakes that were on before the process began are not.
    static final class Brakes implements UnaryOperator<Fleet> {
        private Optional<Set<Brake>> found = Optional.empty();

        @Override
        public Fleet apply(Fleet fleet) {
            found = found.or(() -> Optional.of(Set.copyOf(fleet.brakes().values())));
            return Narrowly.withBrakes(fleet, brake -> !found.get().contains(brake));
        }
    }
}
