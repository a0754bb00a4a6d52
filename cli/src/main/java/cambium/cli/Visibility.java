package cambium.cli;

import java.time.Duration;

/// Waits until package managers can see packages: two minutes without any of them becoming visible end all waiting.
final class Visibility {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int MAX_LOOKS = 600;

    private final ServerOptions options;
    private final Api api;
    private int looksLeft = MAX_LOOKS;

    Visibility(ServerOptions options, Api api) {
        this.options = options;
        this.api = api;
    }

    /// Asks until the index holds it. A push is already safe before that, so giving up is not a failure of the push.
    Json awaited(Json details) {
        String self = details.find("self_url").or(() -> details.find("package_url")).orElse("");
        Json latest = details;
        boolean first = true;
        while (self.startsWith("/") && !"true".equals(latest.text("indexed"))) {
            if (!first && looksLeft == 0) {
                throw Stop.refused("stored, but still not indexed", "look into the server's log; the package is safe");
            }
            if (looksLeft > 0) {
                looksLeft--;
                options.pause(LOOK_EVERY);
            }
            first = false;
            latest = api.get(self).json();
            latest.find("failure").ifPresent(reason -> {
                throw Stop.refused("stored, but it cannot be indexed: " + reason,
                        "correct the package and push it again");
            });
        }
        if (looksLeft > 0) {
            looksLeft = MAX_LOOKS;
        }
        return latest;
    }
}
