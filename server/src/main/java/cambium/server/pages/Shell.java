package cambium.server.pages;

import java.time.Instant;
import java.util.Optional;

/// What every page has around its content: title, the place in the navigation, who is signed in, the server's time.
/// `stream` is the address of the events that a live page follows: its `#live` part is fetched again with each.
/// `assets` is the stamp of the static files; `offers` what whoever looks may do with the fleet; `still` that whoever
/// reads without script asked for the page not to load itself anew; `asked` that it was found out who looks.
public record Shell(
        String title, String section, Optional<String> actor, Optional<String> stream, Instant at, String assets,
        Offers offers, boolean still, boolean asked) {
    private static final String FLEET = "/api/fleet/stream";

    public boolean live() {
        return stream.isPresent();
    }

    Shell(String title, String section, Optional<String> actor, Optional<String> stream, Instant at, String assets,
            Offers offers) {
        this(title, section, actor, stream, at, assets, offers, false, true);
    }

    /// Without script a page of the fleet loads itself anew; one with a form above its list must not, under typing,
    /// nor one that somebody reads who asked for it to stand still.
    public boolean reloads() {
        return stream.filter(FLEET::equals).isPresent();
    }

    Shell standing(boolean wished) {
        return new Shell(title, section, actor, stream, at, assets, offers, wished, asked);
    }

    Shell following(String address) {
        return new Shell(title, section, actor, Optional.of(address), at, assets, offers, still, asked);
    }

    Shell offering(Offers more) {
        return new Shell(title, section, actor, stream, at, assets, more, still, asked);
    }

    /// Of what failed, maybe before anybody asked who it was for: nobody is then told to sign in who has.
    Shell ofWhomIsKnown(Optional<String> known) {
        return new Shell(title, section, known, stream, at, assets, offers, still, known.isPresent());
    }

    Shell followingTheFleet() {
        return following(FLEET);
    }

    /// The address of a static file, with the stamp so that it may be kept for ever.
    public String asset(String name) {
        return "/static/" + name + "?" + assets;
    }
}
