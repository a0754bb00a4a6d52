package cambium.server.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Draws the pages of signing in and out, and of what an account has to sign in with.
public interface SignInPage {
    /// The page on which a token, or e-mail and password are entered. One form posts `token` and `next` to `/sign-in`,
    /// the other `email`, `password` and `next`; a link leads to the OpenID provider where there is one.
    /// @param next a checked path of this server
    /// @param problem is shown above the forms
    /// @param provider what people call the OpenID provider
    String signIn(String next, Optional<String> problem, Optional<String> provider);

    /// A page that leads on by itself, and by a link. A redirect would not do: a browser that comes from another site
    /// shows the session's cookie only to a page that one of ours has led to.
    String goOn(String title, String sentence, String address);

    /// A token that was just made: its value is shown this once.
    record Fresh(String name, String value) {}

    /// A token without its value.
    record Kept(String name, Instant createdAt, Optional<Instant> expiresAt) {}

    /// The page `/app/tokens` of an account. One form posts `name` and `expires_in_days` there, one for each token its
    /// `name` to `/app/tokens/remove`.
    String tokens(String account, List<String> roles, List<Kept> tokens, Optional<Fresh> fresh,
            Optional<String> problem);

    /// The same page for a token that belongs to no account, such as the administrator's own: it has no others.
    /// @param name of the token
    String noAccount(String name);
}
