package cambium.server.http;

import cambium.server.config.Role;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// How many requests are worked on at a time, for each role apart, so that a crowd of readers takes nothing from
/// uploads or from commands to the fleet. Whoever comes when all places are taken is told so at once and waits for
/// nothing: work that is begun is finished soon, instead of all of it late. Health and metrics are always answered.
final class Admission {
    static final String OVERLOADED = "overloaded";

    private final Map<Role, Semaphore> places = new EnumMap<>(Role.class);

    /// Places for each role. A read holds one while its answer is made, not while it is sent; an upload from its first
    /// byte to its answer.
    record Limits(int reads, int uploads, int commands) {
        static Limits standard() {
            return new Limits(256, 128, 64);
        }
    }

    Admission(Limits limits) {
        for (var role : Role.values()) {
            places.put(role, new Semaphore(switch (role) {
                case WEB -> limits.reads();
                case UPLOAD -> limits.uploads();
                case INDEX, COORDINATE -> limits.commands();
            }));
        }
    }

    Answer handle(Route route, Call call) throws Exception {
        if (route.path().startsWith("/health/") || route.path().equals("/metrics")) {
            return route.handler().handle(call);
        }
        var free = places.get(route.role());
        if (!free.tryAcquire()) {
            throw new Refused(503, OVERLOADED, "more is asked of this server than it can do at once; try again soon");
        }
        try {
            return route.handler().handle(call);
        } finally {
            free.release();
        }
    }
}
