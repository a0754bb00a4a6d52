package cambium.rollout;

import java.time.Duration;

/// A ring policy with one thing changed.
final class Policies {
    private Policies() {}

    static RingPolicy atOnce(RingPolicy policy, String atOnce) {
        return policy.with(parts -> parts.atOnce = AtOnce.of(atOnce));
    }

    static RingPolicy canaryFirst(RingPolicy policy, int count) {
        return policy.with(parts -> parts.canaryFirst = count);
    }

    static RingPolicy bake(RingPolicy policy, Duration time, long samples) {
        return policy.with(parts -> parts.bake = new Bake(time, samples));
    }

    static RingPolicy qa(RingPolicy policy, RingPolicy.Qa qa) {
        return policy.with(parts -> parts.qa = qa);
    }

    static RingPolicy pdm(RingPolicy policy, RingPolicy.Pdm pdm) {
        return policy.with(parts -> parts.pdm = pdm);
    }

    static RingPolicy tolerated(RingPolicy policy, int failures) {
        return policy.with(parts -> parts.toleratedFailures = failures);
    }

    static RingPolicy retries(RingPolicy policy, int retries) {
        return policy.with(parts -> parts.retries = retries);
    }

    static RingPolicy health(RingPolicy policy, RingPolicy.HealthGate health) {
        return policy.with(parts -> parts.health = health);
    }
}
