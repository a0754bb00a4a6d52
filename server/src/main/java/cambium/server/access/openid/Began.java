package cambium.server.access.openid;

import java.net.URI;

/// What came of beginning a sign-in.
public sealed interface Began {
    /// The browser goes to that address, and keeps the flow meanwhile.
    record Away(URI address, Flow flow) implements Began {}

    record Unreachable(String reason) implements Began {}
}
