package cambium.rollout;

import java.time.Duration;

/// A ring policy with one thing changed.
final class Policies {
    private Policies() {}

    static RingPolicy atOnce(RingPolicy p, String atOnce) {
        return new RingPolicy(AtOnce.of(atOnce), p.canaryFirst(), p.bake(), p.qa(), p.pdm(), p.toleratedFailures(),
                p.retries(), p.timeout(), p.health());
    }

    static RingPolicy canaryFirst(RingPolicy p, int count) {
        return new RingPolicy(p.atOnce(), count, p.bake(), p.qa(), p.pdm(), p.toleratedFailures(), p.retries(),
                p.timeout(), p.health());
    }

    static RingPolicy bake(RingPolicy p, Duration time, long samples) {
        return new RingPolicy(p.atOnce(), p.canaryFirst(), new Bake(time, samples), p.qa(), p.pdm(),
                p.toleratedFailures(), p.retries(), p.timeout(),
                p.health());
    }

    static RingPolicy qa(RingPolicy p, RingPolicy.Qa qa) {
        return new RingPolicy(p.atOnce(), p.canaryFirst(), p.bake(), qa, p.pdm(), p.toleratedFailures(), p.retries(),
                p.timeout(), p.health());
    }

    static RingPolicy pdm(RingPolicy p, RingPolicy.Pdm pdm) {
        return new RingPolicy(p.atOnce(), p.canaryFirst(), p.bake(), p.qa(), pdm, p.toleratedFailures(), p.retries(),
                p.timeout(), p.health());
    }

    static RingPolicy tolerated(RingPolicy p, int failures) {
        return new RingPolicy(p.atOnce(), p.canaryFirst(), p.bake(), p.qa(), p.pdm(), failures, p.retries(),
                p.timeout(), p.health());
    }

    static RingPolicy retries(RingPolicy p, int retries) {
        return new RingPolicy(p.atOnce(), p.canaryFirst(), p.bake(), p.qa(), p.pdm(), p.toleratedFailures(), retries,
                p.timeout(), p.health());
    }

    static RingPolicy health(RingPolicy p, RingPolicy.HealthGate health) {
        return new RingPolicy(p.atOnce(), p.canaryFirst(), p.bake(), p.qa(), p.pdm(), p.toleratedFailures(),
                p.retries(), p.timeout(), health);
    }
}
