package cambium.server.access;

import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Parameters;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Accounts and their tokens. Whoever may manage accounts does everything; an account itself sees and changes its own
/// tokens and, knowing the old one, its password.
final class AccountRoutes {
    private static final String ALL = "/api/accounts";
    private static final String ONE = ALL + "/{account}";
    private static final String EMAIL = "[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,190}";

    private final AccountStore accounts;
    private final SignIn signIn;
    private final Passwords passwords;
    private final InstantSource clock;

    AccountRoutes(AccountStore accounts, SignIn signIn, Passwords passwords, InstantSource clock) {
        this.accounts = accounts;
        this.signIn = signIn;
        this.passwords = passwords;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                new Route(Method.GET, "/api/v1/token[.json]", Role.WEB, Permission.NONE, this::tokenForPassword),
                new Route(Method.GET, "/api/account", Role.WEB, Permission.NONE, this::whoAmI),
                new Route(Method.GET, ALL, Role.WEB, Permission.MANAGE_ACCOUNTS, _ -> Answer.json(200,
                        Map.of("accounts", accounts.all().stream().map(AccountRoutes::json).toList()))),
                new Route(Method.POST, ALL, Role.WEB, Permission.MANAGE_ACCOUNTS, this::add),
                new Route(Method.DELETE, ONE, Role.WEB, Permission.MANAGE_ACCOUNTS, this::remove),
                new Route(Method.PUT, ONE + "/roles", Role.WEB, Permission.MANAGE_ACCOUNTS, this::changeRoles),
                new Route(Method.PUT, ONE + "/password", Role.WEB, Permission.NONE, this::changePassword),
                new Route(Method.GET, ONE + "/tokens", Role.WEB, Permission.NONE, this::tokens),
                new Route(Method.POST, ONE + "/tokens", Role.WEB, Permission.NONE, this::addToken),
                new Route(Method.DELETE, ONE + "/tokens/{name}", Role.WEB, Permission.NONE, this::removeToken));
    }

    /// What packagecloud's command line asks for once, with e-mail and password.
    private Answer tokenForPassword(Call call) {
        var account = signIn.basic(call);
        return Answer.json(200, Map.of("token", accounts.firstToken(account, clock.instant())))
                .with("Cache-Control", "no-store");
    }

    private Answer whoAmI(Call call) {
        var actor = call.actor();
        if (actor.isAnonymous()) {
            throw new Refused(401, "unauthenticated", "nobody is signed in");
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("name", actor.name());
        json.put("roles", accounts.named(actor.name()).map(Account::roles).orElse(List.of()));
        json.put("permissions", actor.permissions().stream().map(Permission::word).toList());
        return Answer.json(200, json).with("Cache-Control", "no-store");
    }

    private Answer add(Call call) {
        var form = call.parameters();
        var name = form.first("name").map(String::strip).orElse("");
        var email = form.first("email").map(String::strip).orElse("");
        if (!Account.isName(name)) {
            throw invalid("name", "a name is 1 to 40 lower-case letters, digits, '.', '_' or '-'; admin and anonymous "
                    + "are taken");
        }
        if (!email.matches(EMAIL)) {
            throw invalid("email", "that is not an e-mail address");
        }
        var given = form.first("password");
        var password = given.map(AccountRoutes::acceptable).orElseGet(passwords::invented);
        return switch (accounts.add(name, email, passwords.hash(password), roles(form), clock.instant())) {
            case UNKNOWN_ROLE -> throw unknownRole();
            case NAME_TAKEN -> throw new Refused(409, "account_taken", "there is an account of that name or e-mail");
            case ADDED -> {
                var json = json(existing(name));
                if (given.isEmpty()) {
                    json.put("password", password);
                }
                yield Answer.json(201, json).with("Cache-Control", "no-store");
            }
        };
    }

    private Answer remove(Call call) {
        if (!accounts.remove(call.param("account"))) {
            throw unknownAccount();
        }
        return Answer.empty(204);
    }

    private Answer changeRoles(Call call) {
        var account = existing(call.param("account"));
        requireOwn(account, "roles", "they are those of its groups there, at each sign-in");
        if (!accounts.changeRoles(account.name(), roles(call.parameters()))) {
            throw unknownRole();
        }
        return Answer.json(200, json(existing(account.name())));
    }

    private Answer changePassword(Call call) {
        var account = own(call);
        requireOwn(account, "password", "it has none here");
        var form = call.parameters();
        if (!call.actor().may(Permission.MANAGE_ACCOUNTS)
                && !signIn.isPassword(account, form.first("current").orElse(""), call)) {
            throw new Refused(403, "wrong_password", "the current password is needed to change it", "current");
        }
        var given = form.first("password");
        var password = given.map(AccountRoutes::acceptable).orElseGet(passwords::invented);
        accounts.changePassword(account, passwords.hash(password));
        var json = json(account);
        if (given.isEmpty()) {
            json.put("password", password);
        }
        return Answer.json(200, json).with("Cache-Control", "no-store");
    }

    private Answer tokens(Call call) {
        return Answer.json(200, Map.of("tokens", accounts.tokens(own(call)).stream().map(token -> {
            var json = new LinkedHashMap<String, Object>();
            json.put("name", token.name());
            json.put("created_at", token.createdAt().toString());
            json.put("expires_at", token.expiresAt().map(Object::toString).orElse(null));
            return json;
        }).toList()));
    }

    /// The value is in this answer and never again.
    private Answer addToken(Call call) {
        var account = own(call);
        var wish = TokenWish.of(call.parameters(), clock.instant());
        var json = new LinkedHashMap<String, Object>();
        json.put("value", wish.grant(accounts, account));
        json.put("name", wish.name());
        json.put("expires_at", wish.expires().toString());
        return Answer.json(201, json).with("Cache-Control", "no-store");
    }

    private Answer removeToken(Call call) {
        if (!accounts.removeToken(own(call), call.param("name"))) {
            throw new Refused(404, "unknown_token", "the account has no such token");
        }
        return Answer.empty(204);
    }

    /// The account in the path, for itself or whoever manages accounts. Others learn nothing of it.
    private Account own(Call call) {
        var actor = call.actor();
        var name = call.param("account");
        if (actor.isAnonymous() || !actor.name().equals(name)) {
            call.require(Permission.MANAGE_ACCOUNTS);
        }
        return existing(name);
    }

    /// What an account of the OpenID provider has of itself is not changed here.
    private static void requireOwn(Account account, String what, String why) {
        if (account.identity().isPresent()) {
            throw new Refused(409, "account_of_provider", "'" + account.name() + "' signs in with the OpenID provider; "
                    + "its " + what + " cannot be changed here: " + why + ". Change it there, or remove the account",
                    what);
        }
    }

    private Account existing(String name) {
        return accounts.named(name).orElseThrow(AccountRoutes::unknownAccount);
    }

    /// `roles` once or more, as a form or as a JSON list.
    private static List<String> roles(Parameters form) {
        return Stream.concat(form.all("roles").stream(), form.all("roles[]").stream()).distinct().toList();
    }

    private static String acceptable(String password) {
        if (!Passwords.isAcceptable(password)) {
            throw invalid("password", "a password has " + Passwords.MIN_CHARACTERS + " to " + Passwords.MAX_CHARACTERS
                    + " characters");
        }
        return password;
    }

    private static Map<String, Object> json(Account account) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", account.name());
        json.put("email", account.email().orElse(null));
        json.put("identity", account.identity().map(AccountRoutes::json).orElse(null));
        json.put("roles", account.roles());
        json.put("created_at", account.createdAt().toString());
        return json;
    }

    private static Map<String, Object> json(Account.Identity identity) {
        var json = new LinkedHashMap<String, Object>();
        json.put("issuer", identity.issuer());
        json.put("subject", identity.subject());
        json.put("signed_in_at", identity.signedInAt().toString());
        json.put("rights_until", identity.rightsUntil().toString());
        return json;
    }

    private static Refused invalid(String field, String message) {
        return new Refused(422, field + "_invalid", message, field);
    }

    private static Refused unknownRole() {
        return new Refused(422, "unknown_role", "there is no such role; there are "
                + Stream.of(BuiltInRole.values()).map(BuiltInRole::word).collect(Collectors.joining(", ")), "roles");
    }

    private static Refused unknownAccount() {
        return new Refused(404, "unknown_account", "there is no such account");
    }
}
