package cambium.server;

import cambium.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/// Starts a server on an empty folder twice, asks it a little, and stops it: run once after a build, so that Java can
/// record which classes a start needs and later starts take a third of the time. Never needed to work.
public final class Rehearsal {
    private Rehearsal() {}

    /// Making keys ahead of need is seconds of work, for repositories that will never be.
    private static final class WithoutSpareKeys extends Wiring {
        WithoutSpareKeys(ServerConfig config, Running running) {
            super(config, running);
        }

        @Override
        int spareKeys() {
            return 0;
        }
    }

    /// The one argument is the folder, which the caller removes.
    public static void main(String[] arguments) throws Exception {
        for (var run = 0; run < 2; run++) {
            var config = ServerConfig.parse(List.of("--data", arguments[0], "--port", "0"), Map.of());
            try (var running = new Running(); var client = HttpClient.newHttpClient()) {
                var started = new WithoutSpareKeys(config, running).start();
                for (var path : List.of("/health/ready", "/sign-in", "/metrics", "/api/v1/distributions", "/")) {
                    ask(client, started.http().uri().resolve(path));
                }
            }
        }
    }

    private static void ask(HttpClient client, URI uri) throws IOException, InterruptedException {
        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
    }
}
