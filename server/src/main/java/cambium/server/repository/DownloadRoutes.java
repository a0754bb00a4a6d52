package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.delivery.Delivery;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Handler;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The addresses of packages on the web, which are hard-coded widely: each leads on to where the bytes are. They end in
/// `download` with any suffix, such as `download.deb`.
final class DownloadRoutes {
    private static final String PACKAGES = "/{owner}/{repo}/packages";
    private static final Pattern DOWNLOAD = Pattern.compile("download(\\.[A-Za-z0-9.]{1,20})?");
    private static final String ANYFILE = "anyfile";
    private static final String ANYFILE_VERSION = "1";

    private final RepositoryAccess access;
    private final DistributionCatalog catalog;
    private final Packages packages;
    private final Delivery delivery;
    private final FetchLog fetches;
    private final Standby standby;
    private final InstantSource clock;

    DownloadRoutes(RepositoryAccess access, DistributionCatalog catalog, Packages packages, Delivery delivery,
        FetchLog fetches, Standby standby, InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.packages = packages;
        this.delivery = delivery;
        this.fetches = fetches;
        this.standby = standby;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
            route("/{distro}/{version}/{filename}/{download}", call ->
                standby.either(() -> answer(call, suffixed(call, this::main)), () -> kept(call))),
            // Without a suffix: an address with one would stand where the page about such a file does.
            route("/anyfile/{filename}/download", call ->
                answer(call, find(call, ANYFILE, ANYFILE_VERSION).map(PoolFile::mainOf))),
            route("/{distro}/{version}/{filename}/files/{part}/{download}", call ->
                answer(call, suffixed(call, this::part))));
    }

    private static Route route(String path, Handler handler) {
        return new Route(Method.GET, PACKAGES + path, Role.WEB, Permission.NONE, handler);
    }

    private static Optional<PoolFile> suffixed(Call call, Function<Call, Optional<PoolFile>> find) {
        return Optional.of(call).filter(one -> DOWNLOAD.matcher(one.param("download")).matches()).flatMap(find);
    }

    private Optional<PoolFile> main(Call call) {
        return find(call, call.param("distro"), call.param("version")).map(PoolFile::mainOf);
    }

    /// Without the database.
    private Optional<Answer> kept(Call call) {
        return catalog.suite(call.param("distro"), call.param("version")).flatMap(suite ->
                RepositoryName.of(call.param("owner"), call.param("repo")).flatMap(name -> standby.shelf(
                    new IndexReader.Address(name, suite.distribution(), suite.codename(), OptionalInt.empty()))))
            .map(shelf -> shelf.byFileName(call.param("filename"))
                .map(blob -> ChannelRoutes.delivered(delivery, call, blob, call.param("filename"), clock))
                .orElseThrow(() -> new Refused(404, "unknown_package", "there is no such package")));
    }

    private Answer answer(Call call, Optional<PoolFile> found) {
        return found.map(file -> {
            fetches.downloaded(call, file);
            return ChannelRoutes.delivered(delivery, call, file.file(), clock);
        }).orElseThrow(() -> new Refused(404, "unknown_package", "there is no such package"));
    }

    private Optional<StoredPackage> find(Call call, String distribution, String version) {
        StoredRepository repository = access.readableByClient(call);
        return catalog.suite(distribution, version)
            .flatMap(suite -> packages.byFilename(repository.id(), suite, call.param("filename")));
    }

    /// A file of a source package, also its main one.
    private Optional<PoolFile> part(Call call) {
        return find(call, call.param("distro"), call.param("version")).flatMap(stored -> stored.files().stream()
            .filter(file -> file.filename().equals(call.param("part"))).findFirst()
            .map(file -> new PoolFile(stored.id(), stored.uploadedAt(), file)));
    }
}
