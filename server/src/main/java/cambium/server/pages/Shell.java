package cambium.server.pages;

import java.time.Instant;
import java.util.Optional;

/// What every page has around its content: title, the place in the navigation, who is signed in, the server's time.
/// `live` pages take part in live changes: their `#live` part is fetched again when the fleet changes.
/// `assets` is the stamp of the static files.
public record Shell(String title, String section, Optional<String> actor, boolean live, Instant at, String assets) {

    /// The address of a static file, with the stamp so that it may be kept for ever.
    public String asset(String name) {
        return "/static/" + name + "?" + assets;
    }
}
