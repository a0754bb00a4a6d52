package cambium.server.access;

import cambium.server.http.Refused;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks whether an [Actor] may do something, and refuses with the permissions it takes and the roles that have them.
/// Every refusal is told to [Denials] (C-27), and one of somebody who is known stands in the server's log too.
public final class Rights {
    /// Asks, and leaves no trace but that in the log.
    public static final Rights UNTOLD = new Rights(Denials.UNTOLD);
    private static final Logger LOG = LoggerFactory.getLogger(Rights.class);

    private final Denials denials;

    public Rights(Denials denials) {
        this.denials = denials;
    }

    /// @param act what was asked, without any secret: a route's path, or a command
    /// @param target what it was asked of, where it names something
    public void ask(Actor actor, Set<Permission> needed, String act, Optional<String> target) {
        var missing = needed.stream().sorted().filter(permission -> !actor.may(permission))
                .map(Permission::word).toList();
        if (missing.isEmpty()) {
            return;
        }
        deny(actor, missing, act, target);
        if (actor.isAnonymous()) {
            throw new Refused(401, "unauthenticated", "a token is needed; sign in, or send it as the user name");
        }
        var roles = BuiltInRole.with(needed).stream().map(BuiltInRole::word).collect(Collectors.joining(", "));
        throw new Refused(403, "forbidden", "'" + actor.name() + "' may not do this; it needs the permission "
                + String.join(" and ", missing) + "; who may: " + roles);
    }

    /// Leaves the trace of a try that its caller refuses, for want of something that is no permission.
    public void deny(Actor actor, List<String> missing, String act, Optional<String> target) {
        if (!actor.isAnonymous()) {
            LOG.warn("denied: '{}' asked for {}", actor.name(), act);
        }
        denials.denied(actor, missing, act, target);
    }
}
