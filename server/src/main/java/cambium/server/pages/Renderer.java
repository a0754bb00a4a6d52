package cambium.server.pages;

import cambium.server.http.Answer;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

/// Turns a view model into an answer by its template, which the build has compiled. Every text is escaped for the
/// place it stands in; the policy of headers allows no inline script, no inline style and no other site.
final class Renderer {
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);

    /// The page as text, for those who write it to a file.
    String text(String template, Object page) {
        var output = new StringOutput(32_768);
        engine.render(template + ".jte", page, output);
        return output.toString();
    }

    Answer html(int status, String template, Object page) {
        return Answer.html(status, text(template, page))
                .with("Content-Security-Policy", POLICY)
                .with("Cache-Control", "no-store")
                .with("Referrer-Policy", "no-referrer")
                .with("X-Content-Type-Options", "nosniff")
                .with("Vary", "HX-Request");
    }
}
