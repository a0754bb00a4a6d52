package cambium.cli;

import java.time.Duration;

/// Waits until package managers can see a package.
record Visibility(ServerOptions options, Api api) {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int MAX_LOOKS = 600;

    /// Asks until the index holds it. A push is already safe before that, so giving up is not a failure of the push.
    Json awaited(Json details) {
        Json latest = details;
        for (int look = 0; look < MAX_LOOKS && !"true".equals(latest.text("indexed")); look++) {
            String self = details.find("self_url").or(() -> details.find("package_url")).orElse("");
            if (!self.startsWith("/")) {
                return latest;
            }
            options.pause(LOOK_EVERY);
            latest = api.get(self).json();
            latest.find("failure").ifPresent(reason -> {
                throw Stop.refused("stored, but it cannot be indexed: " + reason,
                        "correct the package and push it again");
            });
        }
        if (!"true".equals(latest.text("indexed"))) {
            throw Stop.refused("stored, but still not indexed", "look into the server's log; the package is safe");
        }
        return latest;
    }
}
