package cambium.server.access;

import cambium.server.access.openid.Answered;
import cambium.server.access.openid.Began;
import cambium.server.access.openid.Flow;
import cambium.server.access.openid.OpenIdSignIn;
import cambium.server.access.openid.Person;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.net.URI;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leads a browser to the OpenID provider and takes it in when it comes back. What is under way is with the browser,
/// sealed, so that it may come back to another process; each sign-in ends once.
final class OpenIdRoutes {
    static final String BEGIN = "/sign-in/openid";
    static final String BACK = BEGIN + "/callback";
    static final String COOKIE = "cambium_openid";
    private static final String PURPOSE = "openid-flow";
    private static final int MAX_COOKIE = 4096;
    private static final int MAX_GROUPS_SHOWN = 10;
    private static final Logger LOG = LoggerFactory.getLogger(OpenIdRoutes.class);

    private final Optional<OpenIdSignIn> openId;
    private final AccountStore accounts;
    private final IdentityStore identities;
    private final TokenStore tokens;
    private final MasterKey key;
    private final GuessLimit failures;
    private final SignInAnswers answers;
    private final InstantSource clock;

    OpenIdRoutes(Optional<OpenIdSignIn> openId, AccountStore accounts, IdentityStore identities, TokenStore tokens,
            MasterKey key, GuessLimit failures, SignInAnswers answers, InstantSource clock) {
        this.openId = openId;
        this.accounts = accounts;
        this.identities = identities;
        this.tokens = tokens;
        this.key = key;
        this.failures = failures;
        this.answers = answers;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, BEGIN, Role.WEB, Permission.NONE, this::begin),
                new Route(Method.GET, BACK, Role.WEB, Permission.NONE, this::back));
    }

    private Answer begin(Call call) {
        var provider = provider();
        var next = SignInAnswers.next(call.query("next"));
        return switch (provider.begin(URI.create(call.baseUrl() + BACK), next)) {
            case Began.Away(var address, var flow) -> Answer.redirect(303, address.toString())
                    .with("Set-Cookie", SignInAnswers.cookie(call, COOKIE, sealed(flow), BEGIN,
                            OpenIdSignIn.MAX_FLOW.toSeconds(), "Lax"))
                    .with("Cache-Control", "no-store");
            case Began.Unreachable(var reason) -> unreachable(provider, next, reason);
        };
    }

    private Answer back(Call call) {
        var provider = provider();
        if (failures.isOver(call.remoteAddress())) {
            return answers.page(429, "/", Optional.of("Too many sign-ins from your address failed; wait a minute."));
        }
        var now = clock.instant();
        var flow = Doorkeeper.cookie(call, COOKIE).flatMap(this::opened);
        if (flow.isEmpty() || !tokens.use(PURPOSE + " " + flow.get().state(), flow.get().until(), now)) {
            return denied(call, "/", 400, "This sign-in is used up or too old, or was begun in another browser. "
                    + "Begin again.");
        }
        var next = flow.get().next();
        return switch (provider.finish(flow.get(), call::query)) {
            case Answered.Known(var person) -> take(call, provider, person, next);
            case Answered.Denied(var reason) -> {
                // Counted is what cost the provider a call or a person a try; any page can lead a browser here without.
                failures.wrong(call.remoteAddress());
                yield denied(call, next, 403, label(provider) + " did not sign you in: " + reason
                        + ". Begin again, or sign in below.");
            }
            case Answered.Unreachable(var reason) -> unreachable(provider, next, reason);
        };
    }

    private Answer take(Call call, OpenIdSignIn provider, Person person, String next) {
        var settings = provider.settings();
        var name = person.name().flatMap(Account::nameFor);
        if (name.isEmpty()) {
            return denied(call, next, 403, label(provider) + " gives no name that an account can have here. "
                    + "Whoever runs this server sets another claim with --openid-name-claim; it is '"
                    + settings.nameClaim() + "' now.");
        }
        var now = clock.instant();
        var entered = identities.enter(person, name.get(), settings.rolesOf(person.groups()), now,
                now.plus(settings.rightsLast()));
        return switch (entered) {
            case IdentityStore.Entered.In(var account) -> answers.signedInFromElsewhere(call,
                    accounts.openSession(accounts.named(account).orElseThrow(), now, now.plus(Sessions.SESSION),
                            Optional.of(person.idToken())), next, account, "OpenID (" + person.subject() + ")");
            case IdentityStore.Entered.NoRole _ -> denied(call, next, 403, label(provider) + " knows you as "
                    + name.get() + ", but nothing gives you a role here: it tells of "
                    + groups(person) + ". Whoever runs this server gives roles to groups with --openid-roles.");
            case IdentityStore.Entered.NameTaken(var taken) -> denied(call, next, 409, "There is another account '"
                    + taken + "' here, and it is not yours by signing in with " + label(provider)
                    + ". Whoever manages accounts can remove it; then sign in again.");
        };
    }

    /// In the log as well: somebody who should get in asks the one who reads it.
    private Answer denied(Call call, String next, int status, String problem) {
        LOG.warn("denied: sign-in with OpenID from {}: {}", call.remoteAddress(), problem);
        return answers.page(status, next, Optional.of(problem));
    }

    private Answer unreachable(OpenIdSignIn provider, String next, String reason) {
        LOG.warn("OpenID: {} cannot be asked: {}", provider.settings().issuer(), reason);
        return answers.page(503, next, Optional.of(label(provider) + " cannot be asked now: " + reason
                + ". Try again, or sign in below with a token or an account of this server."));
    }

    private OpenIdSignIn provider() {
        return openId.orElseThrow(() -> new Refused(404, "openid_not_set", "this server has no OpenID provider; sign "
                + "in at /sign-in. Whoever runs it sets one with --openid-issuer"));
    }

    private static String groups(Person person) {
        var shown = person.groups().stream().sorted().limit(MAX_GROUPS_SHOWN).toList();
        return shown.isEmpty() ? "no group of yours" : "the group" + (shown.size() == 1 ? " " : "s ")
                + String.join(", ", shown) + (shown.size() < person.groups().size() ? " and more" : "");
    }

    private static String label(OpenIdSignIn provider) {
        return provider.settings().label();
    }

    private String sealed(Flow flow) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.seal(PURPOSE, flow.bytes()));
    }

    private Optional<Flow> opened(String cookie) {
        if (cookie.length() > MAX_COOKIE) {
            return Optional.empty();
        }
        try {
            return Flow.of(key.open(PURPOSE, Base64.getUrlDecoder().decode(cookie)), clock.instant());
        } catch (IllegalArgumentException | IllegalStateException altered) {
            return Optional.empty();
        }
    }
}
