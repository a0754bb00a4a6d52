package cambium.server.access;

import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The page on which somebody who has signed in sees, makes and takes back the tokens of the own account: how whoever
/// signs in with the OpenID provider comes to one for the command line.
final class OwnTokenRoutes {
    static final String PATH = "/app/tokens";

    private final AccountStore accounts;
    private final SignInPage page;
    private final InstantSource clock;

    OwnTokenRoutes(AccountStore accounts, SignInPage page, InstantSource clock) {
        this.accounts = accounts;
        this.page = page;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, PATH, Role.WEB, Permission.NONE, this::show),
                new Route(Method.POST, PATH, Role.WEB, Permission.NONE, this::add),
                new Route(Method.POST, PATH + "/remove", Role.WEB, Permission.NONE, this::remove));
    }

    private Answer show(Call call) {
        if (call.actor().isAnonymous()) {
            return Answer.redirect(303, "/sign-in?next=" + PATH);
        }
        return accounts.named(call.actor().name()).map(own -> drawn(200, own, Optional.empty(), Optional.empty()))
                .orElseGet(() -> Answer.html(200, page.noAccount(call.actor().name()))
                        .with("Cache-Control", "no-store"));
    }

    /// The value is on this page and never again.
    private Answer add(Call call) {
        var account = own(call);
        try {
            var wish = TokenWish.of(call.parameters(), clock.instant());
            var value = wish.grant(accounts, account);
            return drawn(201, account, Optional.of(new SignInPage.Fresh(wish.name(), value)), Optional.empty());
        } catch (Refused refused) {
            return drawn(refused.problem().status(), account, Optional.empty(),
                    Optional.of(refused.problem().message()));
        }
    }

    /// One that is gone already is as good.
    private Answer remove(Call call) {
        accounts.removeToken(own(call), call.parameters().first("name").orElse(""));
        return Answer.redirect(303, PATH);
    }

    private Account own(Call call) {
        if (call.actor().isAnonymous()) {
            throw new Refused(401, "unauthenticated", "nobody is signed in");
        }
        return accounts.named(call.actor().name()).orElseThrow(() -> new Refused(404, "no_account",
                "'" + call.actor().name() + "' is a token without an account, and has no others"));
    }

    private Answer drawn(int status, Account account, Optional<SignInPage.Fresh> fresh, Optional<String> problem) {
        return Answer.html(status, page.tokens(account.name(), account.roles(), accounts.tokens(account), fresh,
                problem)).with("Cache-Control", "no-store");
    }
}
