package cambium.server.http;

import cambium.server.access.Actor;
import java.util.Optional;

/// Draws a [Problem] for a browser.
@FunctionalInterface
public interface ProblemPage {
    /// @param who whoever asked, where that was found out before it failed
    String html(Problem problem, String requestId, Optional<Actor> who);

    /// A page without any looks, for a server without the others.
    static String plain(Problem problem, String requestId, Optional<Actor> who) {
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
                + "content=\"width=device-width\"><title>" + problem.status() + "</title><h1>" + problem.status()
                + "</h1><p>" + escaped(problem.message()) + "</p><p><small>" + escaped(problem.code()) + ", request "
                + escaped(requestId) + "</small></p></html>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
