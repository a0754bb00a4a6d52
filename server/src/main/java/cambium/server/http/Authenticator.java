package cambium.server.http;

import cambium.server.access.Actor;

/// Finds out who makes a request. Throws [Refused] where the credentials are wrong (401), too many wrong ones came from
/// there (429), or a cookie came with a request that another site may have caused (403).
@FunctionalInterface
public interface Authenticator {
    Actor identify(RequestHead head);
}
