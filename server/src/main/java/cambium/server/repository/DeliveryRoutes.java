package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;

/// The signed addresses of blobs that redirects lead to.
final class DeliveryRoutes {
    private final BlobStore blobs;
    private final DeliveryLinks links;
    private final InstantSource clock;

    DeliveryRoutes(BlobStore blobs, DeliveryLinks links, InstantSource clock) {
        this.blobs = blobs;
        this.links = links;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
            new Route(Method.GET, "/blobs/{sha256}/{filename}", Role.WEB, Permission.NONE, this::deliver));
    }

    /// Whoever holds the address may fetch this one blob until it expires; who may get the address was decided before.
    private Answer deliver(Call call) throws IOException {
        String filename = call.param("filename");
        if (!BlobId.isValid(call.param("sha256"))) {
            throw forbidden();
        }
        var blob = new BlobId(call.param("sha256"));
        if (!links.isValid(blob, filename, call.query("expires").orElse(""), call.query("signature").orElse(""),
            clock.instant())) {
            throw forbidden();
        }
        OptionalLong size = blobs.sizeBytes(blob);
        if (size.isEmpty()) {
            throw new Refused(404, "not_found", "there is nothing here");
        }
        return Answer.stream(200, contentType(filename), size.getAsLong(), (out, from, to) -> {
            try (InputStream in = blobs.open(blob, from, to)) {
                in.transferTo(out);
            }
        }).with("ETag", "\"" + blob + "\"").with("Cache-Control", "private, max-age=300")
            .with("Content-Disposition", "attachment; filename=\"" + filename + "\"");
    }

    private static String contentType(String filename) {
        return filename.endsWith(".deb") ? "application/vnd.debian.binary-package"
            : filename.endsWith(".rpm") ? "application/x-rpm" : "application/octet-stream";
    }

    private static Refused forbidden() {
        return new Refused(403, "link_invalid", "this address is altered or has expired; ask for a new one");
    }
}
