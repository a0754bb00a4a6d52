package cambium.server.access;

import java.util.Optional;

/// Draws the page on which a token, or e-mail and password are entered. One form posts `token` and `next` to
/// `/sign-in`, the other `email`, `password` and `next`.
@FunctionalInterface
public interface SignInPage {
    /// `next` is a checked path of this server; the problem, where there is one, is shown above the form.
    String html(String next, Optional<String> problem);

    /// A page without any looks, for a server without the others.
    static String plain(String next, Optional<String> problem) {
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
                + "content=\"width=device-width\"><title>Sign in · Cambium</title><h1>Sign in</h1>"
                + problem.map(text -> "<p role=\"alert\">" + escaped(text) + "</p>").orElse("")
                + "<form method=\"post\" action=\"/sign-in\"><input type=\"hidden\" name=\"next\" value=\""
                + escaped(next) + "\"><p><label>Token <input name=\"token\" type=\"password\" required autofocus "
                + "autocomplete=\"current-password\" spellcheck=\"false\"></label></p><p><button>Sign in</button></p>"
                + "</form><form method=\"post\" action=\"/sign-in\"><input type=\"hidden\" name=\"next\" value=\""
                + escaped(next) + "\"><p><label>E-mail <input name=\"email\" type=\"email\" required "
                + "autocomplete=\"username\"></label></p><p><label>Password <input name=\"password\" "
                + "type=\"password\" required autocomplete=\"current-password\"></label></p><p><button>Sign in with "
                + "the password</button></p></form></html>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
