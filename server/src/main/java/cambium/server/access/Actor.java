package cambium.server.access;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/// Who makes a call, and what they may do. The name goes into the log of events; it is never a secret.
public record Actor(String name, Set<Permission> permissions) {
    public static final Actor ANONYMOUS = new Actor("anonymous", Set.of());

    public Actor {
        Objects.requireNonNull(name);
        var ordered = EnumSet.noneOf(Permission.class);
        ordered.addAll(permissions);
        permissions = Collections.unmodifiableSet(ordered);
    }

    /// An actor who may do everything.
    public static Actor allowedEverything(String name) {
        return new Actor(name, EnumSet.allOf(Permission.class));
    }

    public boolean may(Permission permission) {
        return permission == Permission.NONE || permissions.contains(permission);
    }
}
