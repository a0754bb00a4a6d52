package cambium.server.access;

import java.util.List;
import java.util.Optional;

/// Pages without any looks.
final class PlainSignInPage implements SignInPage {
    @Override
    public String signIn(String next, Optional<String> problem, Optional<String> provider) {
        return "<h1>Sign in</h1>" + problem.map(text -> "<p role=\"alert\">" + escaped(text) + "</p>").orElse("")
                + provider.map(name -> "<a href=\"/sign-in/openid\">" + escaped(name) + "</a>").orElse("")
                + "<form method=\"post\"><input type=\"hidden\" name=\"next\" value=\"" + escaped(next)
                + "\"><input name=\"token\"><input name=\"email\">"
                + "<input name=\"password\"></form>";
    }

    @Override
    public String goOn(String title, String sentence, String address) {
        return "<h1>" + escaped(title) + "</h1><p>" + escaped(sentence) + "</p><a href=\"" + escaped(address)
                + "\">Go on</a>";
    }

    @Override
    public String tokens(String account, List<String> roles, List<Kept> tokens, Optional<Fresh> fresh,
            Optional<String> problem) {
        return "<h1>" + escaped(account) + "</h1>" + fresh.map(one -> "<code>" + one.value() + "</code>").orElse("")
                + problem.map(text -> "<p role=\"alert\">" + escaped(text) + "</p>").orElse("")
                + tokens.stream().map(token -> "<li>" + escaped(token.name())).toList();
    }

    @Override
    public String noAccount(String name) {
        return "<p>no account: " + escaped(name) + "</p>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
