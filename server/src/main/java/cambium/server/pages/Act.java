package cambium.server.pages;

import cambium.server.access.Permission;
import java.util.Locale;

/// What a person may ask for on a page, with the permission it needs. The word in the address is the name in lower
/// case.
enum Act {
    BRAKE(Permission.BRAKE),
    RELEASE_BRAKE(Permission.BRAKE),
    ROLLBACK(Permission.ROLLBACK),
    /// Who may depends on the ring.
    APPROVE(Permission.DEPLOY),
    GRADUATE(Permission.DEPLOY),
    PDM(Permission.DEPLOY),
    VETO(Permission.DEPLOY),
    RELEASE(Permission.DEPLOY),
    RETRY(Permission.DEPLOY);

    private final Permission permission;

    Act(Permission permission) {
        this.permission = permission;
    }

    Permission permission() {
        return permission;
    }

    String path() {
        return "/fleet/act/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
