package cambium.server.pages;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.EventSink;
import cambium.server.http.Method;
import cambium.server.http.Route;
import java.time.Duration;
import java.util.List;

/// The events that a repository's page follows: one event `repository` at once and at every change. It ends when the
/// reader may not read any more.
final class StreamRoutes {
    /// After a push the index moves soon, so it is looked at often for a while.
    private static final Duration BUSY = Duration.ofMillis(300);
    private static final int BUSY_LOOKS = 20;
    private static final Duration QUIET = Duration.ofSeconds(3);
    /// Then the browser asks anew, and is asked again who it is.
    private static final int MOST_LOOKS = 1_000;

    private final RepositoryNews news;
    private final RepositoryFrame frame;

    StreamRoutes(RepositoryNews news, RepositoryFrame frame) {
        this.news = news;
        this.frame = frame;
    }

    List<Route> routes() {
        return List.of(new Route(Method.GET, "/{owner}/{repo}/stream", Role.WEB, Permission.NONE, this::stream));
    }

    private Answer stream(Call call) {
        frame.found(call);
        return Answer.events(sink -> follow(call, sink));
    }

    private void follow(Call call, EventSink sink) {
        String told = "";
        int busy = 0;
        try {
            for (int looks = 0; looks < MOST_LOOKS && sink.isOpen(); looks++) {
                long heard = news.heard();
                var stamp = news.stamp(call.actor(), call.param("owner"), call.param("repo"));
                if (stamp.isEmpty()) {
                    return;
                }
                if (!stamp.get().equals(told)) {
                    sink.send("repository", stamp.get());
                    told = stamp.get();
                    busy = BUSY_LOOKS;
                }
                news.await(heard, busy > 0 ? BUSY : QUIET);
                busy = news.heard() != heard ? BUSY_LOOKS : Math.max(0, busy - 1);
                Thread.sleep(BUSY);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
