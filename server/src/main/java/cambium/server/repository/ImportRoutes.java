package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.blob.BlobStore;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.sql.Database;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Takes many packages in one request: a tar archive, streamed, answered with a line for each as soon as it is durable.
/// They pass what a single push passes; a package that is refused does not lose the others.
final class ImportRoutes {
    /// Each holds some hundred packages at a time.
    private static final int IMPORTS_AT_A_TIME = 2;

    private final RepositoryAccess access;
    private final Intake intake;
    private final Packages packages;
    private final BlobStore blobs;
    private final RepositoryMeters meters;
    private final InstantSource clock;
    private final long maxPackageBytes;
    private final Semaphore turns = new Semaphore(IMPORTS_AT_A_TIME, true);

    ImportRoutes(RepositoryAccess access, Intake intake, Packages packages, BlobStore blobs, RepositoryMeters meters,
        InstantSource clock, long maxPackageBytes) {
        this.access = access;
        this.intake = intake;
        this.packages = packages;
        this.blobs = blobs;
        this.meters = meters;
        this.clock = clock;
        this.maxPackageBytes = maxPackageBytes;
    }

    List<Route> routes() {
        return List.of(new Route(Method.POST, "/api/v1/repos/{owner}/{repo}/packages/import[.json]", Role.UPLOAD,
            Permission.PUSH, this::take));
    }

    private Answer take(Call call) throws IOException {
        Optional<StoredRepository> repository = access.readable(call);
        if (repository.isEmpty()) {
            return RepositoryAccess.unknown();
        }
        Optional<String> suite = call.query("distro_version_id");
        if (intake.suite(suite).isEmpty()) {
            throw new Refused(422, "unknown_distribution", "distro_version_id must name a distribution; "
                + "/api/v1/distributions.json lists them");
        }
        intake.refuseWhenFull(call.header("Content-Length"));
        Intake.Place place = intake.place(repository.get(), suite, call.actor().name());
        return Answer.lines(line -> {
            // Whoever waits sends no more than fits into the buffers between us.
            turns.acquireUninterruptibly();
            try (var running = new PackageImport(place, intake, packages, blobs, maxPackageBytes, line,
                sent -> meters.pushed(sent.took(), sent.bytes()), clock)) {
                ScopedValue.where(Database.ACTOR, place.uploader()).call(() -> {
                    running.take(call.body());
                    return null;
                });
            } finally {
                turns.release();
            }
        });
    }
}
