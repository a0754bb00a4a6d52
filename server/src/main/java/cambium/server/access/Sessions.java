package cambium.server.access;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Sessions and sign-in links, both signed with keys derived from the master key, so that no process keeps any.
/// A session ends when it is over or when the token it was opened with is gone.
final class Sessions {
    static final String COOKIE = "cambium_session";
    static final Duration SESSION = Duration.ofHours(12);
    static final Duration LINK = Duration.ofMinutes(15);
    private static final int TICKET_BYTES = 16;

    private final SignedText sessions;
    private final SignedText links;
    private final RandomGenerator random;

    Sessions(MasterKey key, RandomGenerator random) {
        this.sessions = new SignedText(key.subkey("session"));
        this.links = new SignedText(key.subkey("sign-in-link"));
        this.random = random;
    }

    /// What a link says: its own name, and the token it stands for.
    record Ticket(String name, long tokenId) {}

    String open(long tokenId, Instant now) {
        return sessions.sign(List.of(Long.toString(tokenId)), now.plus(SESSION));
    }

    /// The token that the session was opened with.
    Optional<Long> tokenOf(String cookie, Instant now) {
        return sessions.read(cookie, now).filter(fields -> fields.size() == 1)
                .map(fields -> Long.parseLong(fields.getFirst()));
    }

    String link(long tokenId, Instant now) {
        var name = new byte[TICKET_BYTES];
        random.nextBytes(name);
        return links.sign(List.of(HexFormat.of().formatHex(name), Long.toString(tokenId)), now.plus(LINK));
    }

    Optional<Ticket> ticket(String link, Instant now) {
        return links.read(link, now).filter(fields -> fields.size() == 2)
                .map(fields -> new Ticket(fields.getFirst(), Long.parseLong(fields.getLast())));
    }
}
