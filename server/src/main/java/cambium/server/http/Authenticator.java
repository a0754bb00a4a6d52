package cambium.server.http;

import cambium.server.access.Actor;

/// Finds out who makes a request. Throws [Refused] where the credentials are wrong (401), too many wrong ones came from
/// there (429), or a cookie came with a request that another site may have caused (403).
@FunctionalInterface
public interface Authenticator {
    Actor identify(RequestHead head);

    /// What can be said of whoever makes a request before anything is looked up. It gives no right, but a place to wait
    /// apart from those who may have none.
    default Standing standing(RequestHead head) {
        return Standing.FAMILIAR;
    }

    /// How well somebody is known who has not been identified yet.
    enum Standing {
        /// Shows nothing, or nothing that could be good: identified without a look-up.
        NOBODY,
        /// Shows what was good when it was last looked up, or what this server has signed.
        FAMILIAR,
        /// Shows what has to be looked up.
        STRANGE,
        /// The same, and too many wrong ones came from there.
        SUSPECT
    }
}
