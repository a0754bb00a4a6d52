package cambium.server.access;

import cambium.server.http.Answer;
import cambium.server.http.Call;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every way of signing in answers, and the line about it in the log.
final class SignInAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(SignInAnswers.class);
    private static final String NEXT = "/([!-.0-\\[\\]-~][!-\\[\\]-~]{0,1000})?";

    private final Sessions sessions;
    private final SignInPage page;
    private final Optional<String> provider;
    private final InstantSource clock;

    /// `provider`: what the sign-in page calls the OpenID provider.
    SignInAnswers(Sessions sessions, SignInPage page, Optional<String> provider, InstantSource clock) {
        this.sessions = sessions;
        this.page = page;
        this.provider = provider;
        this.clock = clock;
    }

    Answer.Bytes page(int status, String next, Optional<String> problem) {
        return Answer.html(status, page.signIn(next, problem, provider)).with("Cache-Control", "no-store");
    }

    /// The session of a token begins, always a new one, and the browser goes on to `next`.
    Answer signedIn(Call call, long tokenId, String next, String name, String way) {
        return opened(Answer.redirect(303, next), call, tokenId, name, way);
    }

    /// The same for a browser that comes from another site.
    Answer signedInFromElsewhere(Call call, long tokenId, String next, String name, String way) {
        return opened(Answer.html(200, page.goOn("Signed in", "You are " + name + " here.", next)), call, tokenId,
                name, way);
    }

    /// The browser forgets its session. It goes on to `elsewhere`, where it is to be signed out too.
    Answer signedOut(Call call, Optional<String> elsewhere) {
        var answer = elsewhere.map(address -> Answer.html(200, page.goOn("Signed out", "You are signed out here. "
                + provider.orElse("The provider") + " is asked to sign you out too.", address)))
                .orElseGet(() -> Answer.redirect(303, "/sign-in"));
        return answer.with("Set-Cookie", cookie(call, Sessions.COOKIE, "", "/", 0, "Strict"))
                .with("Cache-Control", "no-store");
    }

    /// No script reads it, and a server that is reached by https never sends it without.
    static String cookie(Call call, String name, String value, String path, long seconds, String sameSite) {
        return name + "=" + value + "; Path=" + path + "; Max-Age=" + seconds + "; HttpOnly; SameSite=" + sameSite
                + (call.baseUrl().startsWith("https:") ? "; Secure" : "");
    }

    /// Only a path of this server: what a browser could take for another host leads to the first page.
    static String next(Optional<String> asked) {
        return asked.filter(path -> path.matches(NEXT)).orElse("/");
    }

    private Answer opened(Answer.Bytes answer, Call call, long tokenId, String name, String way) {
        LOG.info("signed in: '{}' with {} from {}", name, way, call.remoteAddress());
        var session = sessions.open(tokenId, clock.instant());
        return answer.with("Set-Cookie", cookie(call, Sessions.COOKIE, session, "/", Sessions.SESSION.toSeconds(),
                "Strict")).with("Cache-Control", "no-store");
    }
}
