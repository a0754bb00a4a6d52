package cambium.server.access;

import java.util.Optional;

/// Draws the pages of signing in and out.
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
}
