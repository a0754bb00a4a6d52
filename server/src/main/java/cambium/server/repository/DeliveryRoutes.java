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

/// Downloads: the widely hard-coded address of a package on the web, and the signed address it leads to.
final class DeliveryRoutes {
    private static final String DOWNLOAD = "/{owner}/{repo}/packages/{distro}/{version}/{filename}/download";
    private static final String DOWNLOAD_ANYFILE = "/{owner}/{repo}/packages/anyfile/{filename}/download";

    private final RepositoryAccess access;
    private final DistributionCatalog catalog;
    private final Packages packages;
    private final BlobStore blobs;
    private final DeliveryLinks links;
    private final FetchLog fetches;
    private final InstantSource clock;

    DeliveryRoutes(RepositoryAccess access, DistributionCatalog catalog, Packages packages, BlobStore blobs,
        DeliveryLinks links, FetchLog fetches, InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.packages = packages;
        this.blobs = blobs;
        this.links = links;
        this.fetches = fetches;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
            new Route(Method.GET, DOWNLOAD, Role.WEB, Permission.NONE, this::download),
            new Route(Method.GET, DOWNLOAD + ".deb", Role.WEB, Permission.NONE, this::download),
            new Route(Method.GET, DOWNLOAD + ".dsc", Role.WEB, Permission.NONE, this::download),
            new Route(Method.GET, DOWNLOAD + ".rpm", Role.WEB, Permission.NONE, this::download),
            new Route(Method.GET, DOWNLOAD_ANYFILE, Role.WEB, Permission.NONE, this::downloadAnyfile),
            new Route(Method.GET, "/blobs/{sha256}/{filename}", Role.WEB, Permission.NONE, this::deliver));
    }

    private Answer download(Call call) {
        return download(call, call.param("distro"), call.param("version"));
    }

    private Answer downloadAnyfile(Call call) {
        return download(call, "anyfile", "1");
    }

    private Answer download(Call call, String distribution, String version) {
        StoredRepository repository = access.readableByClient(call);
        return catalog.suite(distribution, version)
            .flatMap(suite -> packages.byFilename(repository.id(), suite, call.param("filename")))
            .map(stored -> {
                fetches.downloaded(call, PoolFile.mainOf(stored));
                return ChannelRoutes.delivered(links, stored.mainFile(), clock);
            })
            .orElseThrow(() -> new Refused(404, "unknown_package", "there is no such package"));
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
