package cambium.server.access;

import cambium.server.http.Authenticator;
import cambium.server.http.Refused;
import cambium.server.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Knows who makes a request: a token as user name of basic authentication (the password does not matter), as bearer,
/// or the session cookie of `/sign-in`. A request without any is the anonymous actor's.
public final class Doorkeeper implements Authenticator {
    private static final Pattern SPACES = Pattern.compile(" +");

    private final TokenStore tokens;
    private final OtherTokens otherTokens;
    private final Sessions sessions;
    private final Actor anonymous;
    private final InstantSource clock;
    private final GuessLimit guesses;
    private final TokenCache<String, TokenStore.Known> bySecret;
    private final TokenCache<Long, TokenStore.Known> byId;
    private final TokenCache<String, Actor> others;

    Doorkeeper(TokenStore tokens, OtherTokens otherTokens, Sessions sessions, Actor anonymous, GuessLimit guesses,
            InstantSource clock) {
        this.tokens = tokens;
        this.otherTokens = otherTokens;
        this.sessions = sessions;
        this.anonymous = anonymous;
        this.clock = clock;
        this.guesses = guesses;
        this.bySecret = new TokenCache<>(clock);
        this.byId = new TokenCache<>(clock);
        this.others = new TokenCache<>(clock);
    }

    @Override
    public Actor identify(RequestHead head) {
        var authorization = head.header("Authorization");
        if (authorization.isPresent()) {
            return holder(secretIn(authorization.get()), head.remoteAddress());
        }
        var session = session(head);
        session.ifPresent(_ -> SameSite.require(head));
        return session.map(TokenStore.Known::actor).orElse(anonymous);
    }

    @Override
    public Standing standing(RequestHead head) {
        var authorization = head.header("Authorization");
        if (authorization.isEmpty()) {
            return signedId(head).isPresent() ? Standing.FAMILIAR : Standing.NOBODY;
        }
        return secretIn(authorization.get()).map(secret -> {
            var key = key(secret);
            if (bySecret.hasSeen(key) || others.hasSeen(key)) {
                return Standing.FAMILIAR;
            }
            return guesses.isOver(head.remoteAddress()) ? Standing.SUSPECT : Standing.STRANGE;
        }).orElse(Standing.NOBODY);
    }

    /// Forgets what it remembers of tokens: some were taken back.
    void forget() {
        bySecret.expire();
        byId.expire();
        others.expire();
    }

    /// The token that a request of this session was signed in with.
    Optional<TokenStore.Known> session(RequestHead head) {
        return signedId(head).flatMap(this::tokenWithId);
    }

    private Optional<Long> signedId(RequestHead head) {
        return cookie(head, Sessions.COOKIE).flatMap(cookie -> sessions.tokenOf(cookie, clock.instant()));
    }

    Optional<TokenStore.Known> tokenWithId(long id) {
        return byId.get(id, () -> tokens.byId(id)).filter(known -> known.holdsAt(clock.instant()));
    }

    /// The API token with that secret; wrong ones are counted against the address and end as [Refused] 401 or 429.
    TokenStore.Known bearer(Optional<AccessToken> secret, String address) {
        return secret.flatMap(this::apiToken).orElseThrow(() -> wrong(address));
    }

    private Actor holder(Optional<AccessToken> secret, String address) {
        // What is remembered goes first, or each request with a cell's token would ask whether it is an API token.
        return secret.flatMap(shown -> others.remembered(key(shown)))
                .or(() -> secret.flatMap(this::apiToken).map(TokenStore.Known::actor))
                .or(() -> secret.flatMap(this::otherToken)).orElseThrow(() -> wrong(address));
    }

    private Optional<TokenStore.Known> apiToken(AccessToken secret) {
        return bySecret.get(key(secret), () -> tokens.bySecret(secret)).filter(known -> known.holdsAt(clock.instant()));
    }

    private Optional<Actor> otherToken(AccessToken secret) {
        return others.get(key(secret), () -> otherTokens.bySha256(secret.sha256()));
    }

    /// Good tokens are let in before the limit is asked: behind one address many machines may hold one that was taken
    /// back, and the others must go on.
    private Refused wrong(String address) {
        if (guesses.isOver(address)) {
            return new Refused(429, "too_many_wrong_tokens",
                    "too many wrong tokens came from your address; wait a minute");
        }
        guesses.wrong(address);
        return new Refused(401, "unauthenticated", "the token is not known here, or was taken back");
    }

    private static String key(AccessToken secret) {
        return HexFormat.of().formatHex(secret.sha256());
    }

    static Optional<AccessToken> secretIn(String authorization) {
        var parts = SPACES.split(authorization.strip(), 2);
        if (parts.length < 2) {
            return Optional.empty();
        }
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "bearer" -> token(parts[1]);
            case "basic" -> token(userIn(parts[1]));
            default -> Optional.empty();
        };
    }

    static Optional<AccessToken> token(String text) {
        return Optional.of(text).filter(AccessToken::isWellFormed).map(AccessToken::new);
    }

    private static String userIn(String basic) {
        try {
            return new String(Base64.getDecoder().decode(basic.strip()), StandardCharsets.ISO_8859_1).split(":", 2)[0];
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    static Optional<String> cookie(RequestHead head, String name) {
        for (var cookie : head.header("Cookie").orElse("").split(";")) {
            var pair = cookie.strip().split("=", 2);
            if (pair.length == 2 && pair[0].equals(name)) {
                return Optional.of(pair[1]);
            }
        }
        return Optional.empty();
    }
}
