package cambium.server.http;

/// Draws a [Problem] for a browser.
@FunctionalInterface
public interface ProblemPage {
    String html(Problem problem, String requestId);

    /// A page without any looks, for a server without the others.
    static String plain(Problem problem, String requestId) {
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
                + "content=\"width=device-width\"><title>" + problem.status() + "</title><h1>" + problem.status()
                + "</h1><p>" + escaped(problem.message()) + "</p><p><small>" + escaped(problem.code()) + ", request "
                + escaped(requestId) + "</small></p></html>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
