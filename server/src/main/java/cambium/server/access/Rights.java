package cambium.server.access;

import cambium.server.http.Refused;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks whether an [Actor] may do something, and refuses with the permissions it takes and the roles that have them.
/// Every refusal of somebody who is known stands in the log.
public final class Rights {
    private static final Logger LOG = LoggerFactory.getLogger(Rights.class);

    private Rights() {}

    /// @param act what was asked, without any secret: a route's path, or a command
    public static void ask(Actor actor, Set<Permission> needed, String act) {
        if (needed.stream().allMatch(actor::may)) {
            return;
        }
        if (actor.isAnonymous()) {
            throw new Refused(401, "unauthenticated", "a token is needed; sign in, or send it as the user name");
        }
        LOG.warn("denied: '{}' asked for {}", actor.name(), act);
        var missing = needed.stream().sorted().filter(permission -> !actor.may(permission))
                .map(Permission::word).collect(Collectors.joining(" and "));
        var roles = BuiltInRole.with(needed).stream().map(BuiltInRole::word).collect(Collectors.joining(", "));
        throw new Refused(403, "forbidden", "'" + actor.name() + "' may not do this; it needs the permission " + missing
                + "; who may: " + roles);
    }
}
