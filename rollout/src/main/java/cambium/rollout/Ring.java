package cambium.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What a ring was opened for. The last target is the one it converges to; earlier ones are what it falls back to when
/// that one is blocked before it has baked.
///
/// @param changedAt when its policy or one of its cells was last declared otherwise
public record Ring(RingNumber number, List<Target> targets, Optional<Instant> changedAt) {

    /// @param begunAt first start of a deployment in this ring for this rollout
    /// @param convergedAt since when every cell of the ring has run the version and proved healthy
    /// @param bakedAt when it had stayed so long enough
    /// @param provedAt when it first had; a ring that opens again for a late cell has proved the version all the same
    public record Target(int rollout, ProductVersion version, Instant openedAt, Optional<Instant> begunAt,
            Optional<Instant> convergedAt, Optional<Instant> bakedAt, Optional<Instant> provedAt) {

        static Target opened(FleetEvent.RingOpened opened) {
            return new Target(opened.rollout(), opened.version(), opened.at(), Optional.empty(), Optional.empty(),
                    Optional.empty(), Optional.empty());
        }

        Target begun(Instant at) {
            return begunAt.isPresent() ? this : new Target(rollout, version, openedAt, Optional.of(at), convergedAt,
                    bakedAt, provedAt);
        }

        Target converged(Instant at) {
            return new Target(rollout, version, openedAt, begunAt, Optional.of(at), Optional.empty(), provedAt);
        }

        Target reopened() {
            return new Target(rollout, version, openedAt, begunAt, Optional.empty(), Optional.empty(), provedAt);
        }

        Target baked(Instant at) {
            return new Target(rollout, version, openedAt, begunAt, convergedAt, Optional.of(at),
                    provedAt.or(() -> Optional.of(at)));
        }
    }

    public Ring {
        targets = List.copyOf(targets);
    }

    /// What the ring converges to.
    public Optional<Target> target() {
        return targets.isEmpty() ? Optional.empty() : Optional.of(targets.getLast());
    }

    static Ring fresh(RingNumber number) {
        return new Ring(number, List.of(), Optional.empty());
    }

    Ring changed(Instant at) {
        return new Ring(number, targets, Optional.of(at));
    }

    Ring opened(Target target) {
        var next = new ArrayList<>(targets);
        next.add(target);
        return new Ring(number, next, changedAt);
    }

    Ring changed(int rollout, UnaryOperator<Target> change) {
        return new Ring(number, targets.stream().map(target -> target.rollout() == rollout ? change.apply(target)
                : target).toList(), changedAt);
    }

    /// A baked target needs no fallback behind it.
    Ring withoutOlderThan(int rollout) {
        return new Ring(number, targets.stream().filter(target -> target.rollout() >= rollout).toList(), changedAt);
    }

    Ring without(ProductVersion version) {
        return new Ring(number, targets.stream().filter(target -> !target.version().equals(version)).toList(),
                changedAt);
    }
}
