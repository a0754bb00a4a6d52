package cambium.server.access;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Who makes a call, and what they may do. The name goes into the log of events; it is never a secret. Whoever shows
/// the token of one repository has no permission, but what [RepositoryToken] says; whoever shows the token of a cell
/// speaks for that `cell` alone.
public record Actor(String name, Set<Permission> permissions, Optional<RepositoryToken> repositoryToken,
        Optional<String> cell) {
    public static final Actor ANONYMOUS = new Actor("anonymous", Set.of());

    public Actor {
        Objects.requireNonNull(name);
        Objects.requireNonNull(repositoryToken);
        var ordered = EnumSet.noneOf(Permission.class);
        ordered.addAll(permissions);
        permissions = Collections.unmodifiableSet(ordered);
    }

    public Actor(String name, Set<Permission> permissions) {
        this(name, permissions, Optional.empty(), Optional.empty());
    }

    /// An actor who may do everything.
    public static Actor allowedEverything(String name) {
        return new Actor(name, EnumSet.allOf(Permission.class));
    }

    /// Whoever showed that token.
    public static Actor holding(RepositoryToken token) {
        var kind = token.kind() == RepositoryToken.Kind.READ ? "read token " : "master token ";
        return new Actor(kind + token.name(), Set.of(), Optional.of(token), Optional.empty());
    }

    /// The cell itself.
    public static Actor ofCell(String cell) {
        return new Actor("cell " + cell, Set.of(Permission.REPORT_CELL), Optional.empty(), Optional.of(cell));
    }

    /// Nobody showed anything; what anonymous callers may do depends on the settings.
    public boolean isAnonymous() {
        return name.equals(ANONYMOUS.name);
    }

    public boolean may(Permission permission) {
        return permission == Permission.NONE || permissions.contains(permission);
    }
}
