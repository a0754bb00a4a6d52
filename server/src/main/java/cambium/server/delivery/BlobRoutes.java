package cambium.server.delivery;

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

/// The bytes behind our own signed addresses, and the redirect that the probe follows. Neither asks the database.
final class BlobRoutes {
    private final DeliveryFeature delivery;
    private final BlobStore blobs;
    private final BlobId probe;
    private final InstantSource clock;

    BlobRoutes(DeliveryFeature delivery, BlobStore blobs, BlobId probe, InstantSource clock) {
        this.delivery = delivery;
        this.blobs = blobs;
        this.probe = probe;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
            new Route(Method.GET, "/blobs/{sha256}/{filename}", Role.WEB, Permission.NONE, this::deliver),
            new Route(Method.GET, DeliveryProbe.PATH, Role.WEB, Permission.NONE, this::probe));
    }

    private Answer probe(Call call) {
        return DeliveryFeature.redirect(delivery.delivery(), new Parcel(probe, "probe.txt", call.isHead()),
            clock.instant());
    }

    /// Whoever holds the address may fetch this one blob until it expires; who may get the address was decided before.
    private Answer deliver(Call call) throws IOException {
        String filename = call.param("filename");
        if (!BlobId.isValid(call.param("sha256"))) {
            throw forbidden();
        }
        var blob = new BlobId(call.param("sha256"));
        if (!delivery.accepts(blob, filename, call.query("expires").orElse(""), call.query("signature").orElse(""))) {
            throw forbidden();
        }
        OptionalLong size = blobs.sizeBytes(blob);
        if (size.isEmpty()) {
            throw new Refused(404, "not_found", "there is nothing here");
        }
        var parcel = new Parcel(blob, filename, call.isHead());
        return Answer.stream(200, parcel.contentType(), size.getAsLong(), (out, from, to) -> {
            try (InputStream in = blobs.open(blob, from, to)) {
                in.transferTo(out);
            }
        }).with("ETag", "\"" + blob + "\"").with("Cache-Control", "private, max-age=300")
            .with("Content-Disposition", parcel.disposition());
    }

    private static Refused forbidden() {
        return new Refused(403, "link_invalid", "this address is altered or has expired; ask for a new one");
    }
}
