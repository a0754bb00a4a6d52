package cambium.server.pages;

import java.time.Instant;
import java.util.Optional;

/// What every page has around its content: title, the place in the navigation, who is signed in, the server's time.
/// `stream` is the address of the events that a live page follows: its `#live` part is fetched again with each.
/// `assets` is the stamp of the static files; `offers` what whoever looks may do with the fleet.
public record Shell(
        String title, String section, Optional<String> actor, Optional<String> stream, Instant at, String assets,
        Offers offers) {
    private static final String FLEET = "/api/fleet/stream";

    public boolean live() {
        return stream.isPresent();
    }

    /// Without script a page of the fleet loads itself anew; one with a form above its list must not, under typing.
    public boolean reloads() {
        return stream.filter(FLEET::equals).isPresent();
    }

    Shell following(String address) {
        return new Shell(title, section, actor, Optional.of(address), at, assets, offers);
    }

    Shell offering(Offers more) {
        return new Shell(title, section, actor, stream, at, assets, more);
    }

    Shell followingTheFleet() {
        return following(FLEET);
    }

    /// The address of a static file, with the stamp so that it may be kept for ever.
    public String asset(String name) {
        return "/static/" + name + "?" + assets;
    }
}
