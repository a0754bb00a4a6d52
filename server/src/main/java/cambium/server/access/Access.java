package cambium.server.access;

import cambium.server.access.openid.OpenIdSignIn;
import cambium.server.config.DataFolder;
import cambium.server.config.StartRefused;
import cambium.server.http.Authenticator;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The door of this folder: who may come in, the pages to sign in, and the administrator's first token.
public final class Access {
    /// The channel of notices that tells every process to forget what it remembers of tokens.
    public static final String TAKEN_BACK = "tokens_taken_back";

    /// What of this folder's tables the master key has sealed.
    public static final List<SealedColumn> SEALED =
            List.of(new SealedColumn("access_token", "sealed", AccountStore.PURPOSE));

    private static final String ADMIN = "admin";
    private static final String TOKEN_FILE = "admin-token";

    private final TokenStore tokens;
    private final Doorkeeper doorkeeper;
    private final SignInRoutes routes;
    private final AccountRoutes accountRoutes;
    private final OpenIdRoutes openIdRoutes;
    private final OwnTokenRoutes ownTokenRoutes;
    private final SecureRandom random;
    private final InstantSource clock;

    /// `anonymousMay`: what may be done without any credentials. `otherTokens`: those that are no API tokens.
    /// `openId`: the provider that people may sign in with too.
    public Access(Database database, MasterKey key, Set<Permission> anonymousMay, OtherTokens otherTokens,
            SignInPage page, Optional<OpenIdSignIn> openId, SecureRandom random, InstantSource clock) {
        this.tokens = new TokenStore(database);
        this.random = random;
        this.clock = clock;
        var sessions = new Sessions(key, random);
        var anonymous = new Actor(Actor.ANONYMOUS.name(), anonymousMay);
        var guesses = new GuessLimit(clock, GuessLimit.MAX_WRONG_PER_WINDOW);
        this.doorkeeper = new Doorkeeper(tokens, otherTokens, sessions, anonymous, guesses, clock);
        var accounts = new AccountStore(database, new SealedTokens(key, AccountStore.PURPOSE), random);
        var passwords = new Passwords(random);
        var signIn = new SignIn(accounts, passwords, guesses, new GuessLimit(clock, GuessLimit.MAX_WRONG_PER_EMAIL));
        var answers = new SignInAnswers(sessions, page, openId.map(known -> known.settings().label()), clock);
        this.routes = new SignInRoutes(doorkeeper, tokens, accounts, signIn, sessions, openId, answers, clock);
        var identities = new IdentityStore(database);
        openId.ifPresent(known -> requireRoles(identities, known.settings().roles()));
        // A limit of its own: a robot with an old token must not keep people behind the same address from signing in.
        var failures = new GuessLimit(clock, GuessLimit.MAX_WRONG_PER_WINDOW);
        this.openIdRoutes = new OpenIdRoutes(openId, accounts, identities, tokens, key, failures, answers, clock);
        this.ownTokenRoutes = new OwnTokenRoutes(accounts, page, clock);
        this.accountRoutes = new AccountRoutes(accounts, signIn, passwords, clock);
        if (!tokens.provesTheSameKey(key.subkey(TokenStore.PROOF))) {
            throw new StartRefused("this database was made with another master key; give that one in "
                    + "CAMBIUM_MASTER_KEY (it stands in the file master-key of the first server's data folder)");
        }
    }

    public Authenticator authenticator() {
        return doorkeeper;
    }

    /// Forgets what it remembers of tokens, so that one which was taken back is refused at once and not in seconds.
    public void forgetTokens() {
        doorkeeper.forget();
    }

    public List<Route> routes() {
        return Stream.of(routes.routes(), openIdRoutes.routes(), accountRoutes.routes(), ownTokenRoutes.routes())
                .flatMap(List::stream).toList();
    }

    private static void requireRoles(IdentityStore identities, Set<String> roles) {
        var unknown = identities.unknown(roles);
        if (!unknown.isEmpty()) {
            throw new StartRefused("--openid-roles gives the role '" + unknown.getFirst() + "', which is not there; "
                    + "there are " + Stream.of(BuiltInRole.values()).map(BuiltInRole::word)
                            .collect(Collectors.joining(", ")) + ", and those that you have added");
        }
    }

    /// Sees that there is an administrator's token. A configured one replaces the former, whose sessions end with it.
    /// Returns the token when it was made here, to be shown once; it also stands in `admin-token`.
    public Optional<String> ensureAdministrator(DataFolder folder, Optional<String> configured) {
        if (configured.isPresent()) {
            if (!AccessToken.isWellFormed(configured.get())) {
                throw new StartRefused("CAMBIUM_ADMIN_TOKEN must be 48 lower-case hexadecimal digits; "
                        + "make one with: openssl rand -hex 24");
            }
            tokens.replace(ADMIN, new AccessToken(configured.get()), clock.instant());
            folder.keepSecret(TOKEN_FILE, configured.get());
            return Optional.empty();
        }
        if (tokens.exists(ADMIN)) {
            return Optional.empty();
        }
        var token = AccessToken.random(random);
        // First the file: a crash in between makes a token that opens nothing, never one that nobody has.
        folder.keepSecret(TOKEN_FILE, token.text());
        tokens.replace(ADMIN, token, clock.instant());
        return Optional.of(token.text());
    }

    /// A link that signs a browser in as the administrator, once, within a quarter of an hour.
    public Optional<String> administratorLink(DataFolder folder, String baseUrl) {
        return folder.secret(TOKEN_FILE).filter(AccessToken::isWellFormed)
                .flatMap(text -> tokens.bySecret(new AccessToken(text)))
                .map(known -> routes.linkFor(baseUrl, known.id()));
    }
}
