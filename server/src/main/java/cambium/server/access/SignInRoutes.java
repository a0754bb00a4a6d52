package cambium.server.access;

import cambium.server.access.openid.OpenIdSignIn;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.net.URI;
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
    private final Optional<OpenIdSignIn> openId;
    private final SignInAnswers answers;
    private final InstantSource clock;

    SignInRoutes(Doorkeeper doorkeeper, TokenStore tokens, AccountStore accounts, SignIn signIn, Sessions sessions,
            Optional<OpenIdSignIn> openId, SignInAnswers answers, InstantSource clock) {
        this.doorkeeper = doorkeeper;
        this.tokens = tokens;
        this.accounts = accounts;
        this.signIn = signIn;
        this.sessions = sessions;
        this.openId = openId;
        this.answers = answers;
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
                : answers.page(200, SignInAnswers.next(call.query("next")), Optional.empty());
    }

    private Answer redeem(Call call, String link) {
        var now = clock.instant();
        var ticket = sessions.ticket(link, now);
        var known = ticket.flatMap(t -> doorkeeper.tokenWithId(t.tokenId()));
        if (known.isEmpty() || !tokens.use(ticket.get().name(), now.plus(Sessions.LINK), now)) {
            return answers.page(403, "/",
                    Optional.of("This sign-in link is used up or too old. Enter a token instead."));
        }
        return answers.signedIn(call, known.get().id(), SignInAnswers.next(call.query("next")),
                known.get().actor().name(), "a sign-in link");
    }

    private Answer signIn(Call call) {
        SameSite.require(call);
        var form = call.parameters();
        var next = SignInAnswers.next(form.first("next"));
        try {
            if (form.first("email").isPresent()) {
                var account = signIn.account(form.first("email").get(), form.first("password").orElse(""),
                        call.remoteAddress());
                var now = clock.instant();
                return answers.signedIn(call, accounts.openSession(account, now, now.plus(Sessions.SESSION),
                        Optional.empty()), next, account.name(), "the password");
            }
            var token = form.first("token").map(String::strip).flatMap(Doorkeeper::token);
            var known = doorkeeper.bearer(token, call.remoteAddress());
            return answers.signedIn(call, known.id(), next, known.actor().name(), "a token");
        } catch (Refused wrong) {
            return answers.page(wrong.problem().status(), next, Optional.of(wrong.problem().message()));
        }
    }

    private Answer signOut(Call call) {
        SameSite.require(call);
        var idToken = doorkeeper.session(call).flatMap(known -> accounts.closeSession(known.id()));
        return answers.signedOut(call, idToken.flatMap(token -> openId.flatMap(provider ->
                provider.signOut(token, URI.create(call.baseUrl() + "/sign-in")))).map(URI::toString));
    }

    private Answer link(Call call) {
        var authorization = call.header("Authorization");
        var known = authorization.isPresent()
                ? Optional.of(doorkeeper.bearer(Doorkeeper.secretIn(authorization.get()), call.remoteAddress()))
                : doorkeeper.session(call);
        return known.map(token -> (Answer) Answer.json(201, Map.of("url", linkFor(call.baseUrl(), token.id()))))
                .orElseThrow(() -> new Refused(401, "unauthenticated", "a sign-in link is made for a token; send one"));
    }
}
