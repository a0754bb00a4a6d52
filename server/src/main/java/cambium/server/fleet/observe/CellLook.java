package cambium.server.fleet.observe;

import cambium.rollout.ProductVersion;
import cambium.server.fleet.observe.CellFetch.Fetched;
import cambium.server.http.Json;
import cambium.server.http.Refused;
import java.time.Instant;
import java.util.Optional;

/// What one look at a cell's health address showed; `at` is when the look began.
sealed interface CellLook {
    Instant at();

    /// The cell answers that it is well; without a version when it names none that could be one.
    record Seen(Instant at, Optional<ProductVersion> version) implements CellLook {}

    record Unseen(Instant at, String reason) implements CellLook {}

    /// A cell that answers, but does not say `"status":"ok"`, is as good as not seen.
    static CellLook of(Instant at, Fetched fetched) {
        return switch (fetched) {
            case Fetched.Nothing(var reason) -> new Unseen(at, reason);
            case Fetched.Body(var bytes) -> read(at, bytes);
        };
    }

    private static CellLook read(Instant at, byte[] bytes) {
        try {
            var health = Json.read(bytes);
            var status = health.path("status").asText("");
            if (!status.equals("ok")) {
                return new Unseen(at, "its health says '" + (status.length() > 40 ? status.substring(0, 40) : status)
                        + "'");
            }
            return new Seen(at, version(health.path("version").asText("")));
        } catch (Refused notJson) {
            return new Unseen(at, "its health is not JSON");
        }
    }

    private static Optional<ProductVersion> version(String text) {
        try {
            return Optional.of(ProductVersion.of(text));
        } catch (IllegalArgumentException notAVersion) {
            return Optional.empty();
        }
    }
}
