package cambium.server.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// The roles that every server has, and what they may. The rows of `access_role` decide, and a team may change them;
/// these are what they are to begin with, and what a refusal names.
public enum BuiltInRole {
    ADMINISTRATOR(EnumSet.allOf(Permission.class)),
    RELEASE_MANAGER(EnumSet.of(Permission.READ_REPOSITORY, Permission.PUSH, Permission.MANAGE_REPOSITORY,
            Permission.READ_FLEET, Permission.DEPLOY, Permission.ROLLBACK, Permission.INSIDE_PERIMETER)),
    ENGINEER_ON_CALL(EnumSet.of(Permission.READ_REPOSITORY, Permission.READ_FLEET, Permission.BRAKE)),
    OPS(EnumSet.of(Permission.READ_REPOSITORY, Permission.READ_FLEET, Permission.DEPLOY, Permission.ROLLBACK,
            Permission.MANAGE_FLEET, Permission.OUTSIDE_PERIMETER)),
    READ_ONLY(EnumSet.of(Permission.READ_REPOSITORY, Permission.READ_FLEET));

    private final Set<Permission> permissions;

    BuiltInRole(Set<Permission> permissions) {
        this.permissions = permissions;
    }

    /// The name of its row.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean may(Permission permission) {
        return permission == Permission.NONE || permissions.contains(permission);
    }

    /// Those that have all of `needed`.
    public static List<BuiltInRole> with(Set<Permission> needed) {
        return Stream.of(values()).filter(role -> role.permissions.containsAll(needed)).toList();
    }
}
