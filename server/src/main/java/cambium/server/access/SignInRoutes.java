package cambium.server.access;

import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/sign-in`, `/sign-out`, and the making of sign-in links.
final class SignInRoutes {
    private final Doorkeeper doorkeeper;
    private final TokenStore tokens;
    private final AccountStore accounts;
    private final SignIn signIn;
    private final Sessions sessions;
    private final SignInPage page;
    private final InstantSource clock;

    SignInRoutes(Doorkeeper doorkeeper, TokenStore tokens, AccountStore accounts, SignIn signIn, Sessions sessions,
            SignInPage page, InstantSource clock) {
        this.doorkeeper = doorkeeper;
        this.tokens = tokens;
        this.accounts = accounts;
        this.signIn = signIn;
        this.sessions = sessions;
        this.page = page;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/sign-in", Role.WEB, Permission.NONE, this::show),
                new Route(Method.POST, "/sign-in", Role.WEB, Permission.NONE, this::signIn),
                new Route(Method.POST, "/sign-out", Role.WEB, Permission.NONE, this::signOut),
                new Route(Method.POST, "/api/access/sign-in-links", Role.WEB, Permission.READ_FLEET, this::link));
    }

    /// The link that signs a browser in once, for whoever holds that token.
    String linkFor(String baseUrl, long tokenId) {
        return baseUrl + "/sign-in?ticket=" + sessions.link(tokenId, clock.instant());
    }

    private Answer show(Call call) {
        var ticket = call.query("ticket");
        return ticket.isPresent() ? redeem(call, ticket.get())
                : drawn(200, next(call.query("next")), Optional.empty());
    }

    private Answer redeem(Call call, String link) {
        var now = clock.instant();
        var ticket = sessions.ticket(link, now);
        var known = ticket.flatMap(t -> doorkeeper.tokenWithId(t.tokenId()));
        if (known.isEmpty() || !tokens.use(ticket.get().name(), now.plus(Sessions.LINK), now)) {
            return drawn(403, "/", Optional.of("This sign-in link is used up or too old. Enter a token instead."));
        }
        return signedIn(call, known.get().id(), next(call.query("next")));
    }

    private Answer signIn(Call call) {
        SameSite.require(call);
        var form = call.parameters();
        var next = next(form.first("next"));
        try {
            if (form.first("email").isPresent()) {
                var account = signIn.account(form.first("email").get(), form.first("password").orElse(""),
                        call.remoteAddress());
                var now = clock.instant();
                return signedIn(call, accounts.openSession(account, now, now.plus(Sessions.SESSION)), next);
            }
            var token = form.first("token").map(String::strip).flatMap(Doorkeeper::token);
            return signedIn(call, doorkeeper.bearer(token, call.remoteAddress()).id(), next);
        } catch (Refused wrong) {
            return drawn(wrong.problem().status(), next, Optional.of(wrong.problem().message()));
        }
    }

    private Answer signOut(Call call) {
        SameSite.require(call);
        doorkeeper.session(call).ifPresent(known -> accounts.closeSession(known.id()));
        return Answer.redirect(303, "/sign-in").with("Set-Cookie", cookie(call, "", 0));
    }

    private Answer link(Call call) {
        var authorization = call.header("Authorization");
        var known = authorization.isPresent()
                ? Optional.of(doorkeeper.bearer(Doorkeeper.secretIn(authorization.get()), call.remoteAddress()))
                : doorkeeper.session(call);
        return known.map(token -> (Answer) Answer.json(201, Map.of("url", linkFor(call.baseUrl(), token.id()))))
                .orElseThrow(() -> new Refused(401, "unauthenticated", "a sign-in link is made for a token; send one"));
    }

    private Answer signedIn(Call call, long tokenId, String next) {
        var session = sessions.open(tokenId, clock.instant());
        return Answer.redirect(303, next)
                .with("Set-Cookie", cookie(call, session, Sessions.SESSION.toSeconds()))
                .with("Cache-Control", "no-store");
    }

    private Answer drawn(int status, String next, Optional<String> problem) {
        return Answer.html(status, page.html(next, problem)).with("Cache-Control", "no-store");
    }

    private static String cookie(Call call, String value, long seconds) {
        return Sessions.COOKIE + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (call.baseUrl().startsWith("https:") ? "; Secure" : "");
    }

    /// Only a path of this server: what a browser could take for another host leads to the first page.
    private static String next(Optional<String> asked) {
        return asked.filter(path -> path.matches("/([!-.0-\\[\\]-~][!-\\[\\]-~]{0,1000})?")).orElse("/");
    }
}
