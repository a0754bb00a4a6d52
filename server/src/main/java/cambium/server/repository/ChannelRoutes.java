package cambium.server.repository;

import cambium.formats.PackageFamily;
import cambium.server.access.Permission;
import cambium.server.blob.BlobId;
import cambium.server.config.Role;
import cambium.server.delivery.Delivery;
import cambium.server.delivery.DeliveryFeature;
import cambium.server.delivery.Parcel;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.format.ChannelPath;
import cambium.server.repository.format.Formats;
import cambium.server.repository.format.PackageFile;
import cambium.server.repository.format.ViewKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What package managers ask for: signed root files, indexes by name and by hash, packages; for the whole suite and for
/// each ring. What a path below the distribution means is known to the layout of the distribution's family.
/// Root files carry no `Last-Modified`: two generations may fall into one second, and clients would keep the older.
final class ChannelRoutes {
    private static final Pattern RING = Pattern.compile("[0-9]{1,6}");

    private final RepositoryAccess access;
    private final DistributionCatalog catalog;
    private final Formats formats;
    private final IndexReader indexes;
    private final PoolReader pool;
    private final Delivery delivery;
    private final FetchLog fetches;
    private final Standby standby;
    private final InstantSource clock;
    private final ReadRoots read;

    ChannelRoutes(RepositoryAccess access, DistributionCatalog catalog, Formats formats, IndexReader indexes,
        PoolReader pool, Delivery delivery, FetchLog fetches, Standby standby, InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.formats = formats;
        this.indexes = indexes;
        this.pool = pool;
        this.delivery = delivery;
        this.fetches = fetches;
        this.standby = standby;
        this.clock = clock;
        this.read = new ReadRoots(clock);
    }

    List<Route> routes() {
        return List.of(
            new Route(Method.GET, "/{owner}/{repo}/{os}/{path...}", Role.WEB, Permission.NONE,
                call -> answer(call, OptionalInt.empty())),
            new Route(Method.GET, "/{owner}/{repo}/rings/{ring}/{os}/{path...}", Role.WEB, Permission.NONE,
                call -> answer(call, ring(call))));
    }

    private static OptionalInt ring(Call call) {
        String ring = call.param("ring");
        if (!RING.matcher(ring).matches()) {
            throw unknown();
        }
        return OptionalInt.of(Integer.parseInt(ring));
    }

    /// A path that no layout knows is answered without a look at the repository, so it tells nothing about it.
    private Answer answer(Call call, OptionalInt ring) {
        PackageFamily family = catalog.family(call.param("os")).orElseThrow(ChannelRoutes::unknown);
        ChannelPath path = formats.layout(family).locate(call.param("path")).orElseThrow(ChannelRoutes::unknown);
        return standby.either(() -> asked(call, path, ring), () -> shelf(call, path, ring)
            .map(shelf -> kept(call, shelf, path)));
    }

    private Optional<Shelf> shelf(Call call, ChannelPath path, OptionalInt ring) {
        return RepositoryName.of(call.param("owner"), call.param("repo")).flatMap(name -> standby.shelf(
            new IndexReader.Address(name, call.param("os"), path.codename(), ring)));
    }

    /// Without the database: patches only shorten the way to an index, which is kept.
    private Answer kept(Call call, Shelf shelf, ChannelPath path) {
        return (switch (path) {
            case ChannelPath.Pool(_, String poolPath) -> shelf.inPool(poolPath).map(blob ->
                delivered(delivery, call, blob, poolPath.substring(poolPath.lastIndexOf('/') + 1), clock));
            case ChannelPath.Root(_, String file, String type) -> shelf.root(file)
                .map(bytes -> Answer.bytes(200, type, bytes).with("Cache-Control", "public, no-cache"));
            case ChannelPath.Index(_, var views, var form) -> shelf.current(views, form)
                .map(index -> streamed(index, "public, no-cache"));
            case ChannelPath.IndexByHash(_, _, String sha256) -> shelf.byHash(sha256)
                .map(index -> streamed(index, "public, max-age=86400, immutable"));
            case ChannelPath.Patches _ -> Optional.<Answer>empty();
        }).orElseThrow(ChannelRoutes::unknown);
    }

    private Answer asked(Call call, ChannelPath path, OptionalInt ring) {
        StoredRepository repository = access.readableByClient(call);
        var address = new IndexReader.Address(repository.name(), call.param("os"), path.codename(), ring);
        return switch (path) {
            case ChannelPath.Pool(_, String poolPath) -> pool.find(address, poolPath, clock.instant())
                .map(fetched -> {
                    fetches.downloaded(call, fetched);
                    return delivered(delivery, call, fetched.file(), clock);
                }).orElseThrow(ChannelRoutes::unknown);
            case ChannelPath.Root(_, String file, String type) -> {
                ChannelRow channel = indexes.channel(address).orElseThrow(ChannelRoutes::unknown);
                long generation = read.generation(call.remoteAddress(), call.header("User-Agent"), channel.id(), file,
                    channel.generation());
                yield indexes.root(channel, file, generation)
                    .map(bytes -> Answer.bytes(200, type, bytes).with("Cache-Control", caching(channel, "no-cache")))
                    .orElseThrow(ChannelRoutes::unknown);
            }
            case ChannelPath.Index(_, var views, var form) -> {
                ChannelRow channel = indexes.channel(address).orElseThrow(ChannelRoutes::unknown);
                yield first(views, view -> indexes.current(channel, view, form))
                    .map(index -> streamed(index, caching(channel, "no-cache"))).orElseThrow(ChannelRoutes::unknown);
            }
            case ChannelPath.IndexByHash(_, var views, String sha256) -> {
                ChannelRow channel = indexes.channel(address).orElseThrow(ChannelRoutes::unknown);
                yield first(views, view -> indexes.byHash(channel, view, sha256))
                    .map(index -> streamed(index, caching(channel, "max-age=86400, immutable")))
                    .orElseThrow(ChannelRoutes::unknown);
            }
            case ChannelPath.Patches(_, var views, String file) -> {
                ChannelRow channel = indexes.channel(address).orElseThrow(ChannelRoutes::unknown);
                String rule = file.equals("Index") ? "no-cache" : "max-age=86400, immutable";
                yield first(views, view -> indexes.patches(channel, view, file))
                    .map(bytes -> Answer.bytes(200, "application/octet-stream", bytes)
                        .with("Cache-Control", caching(channel, rule))).orElseThrow(ChannelRoutes::unknown);
            }
        };
    }

    private static <T> Optional<T> first(List<ViewKey> views, Function<ViewKey, Optional<T>> find) {
        return views.stream().map(find).flatMap(Optional::stream).findFirst();
    }

    private static String caching(ChannelRow channel, String rule) {
        return (channel.isPrivate() ? "private, " : "public, ") + rule;
    }

    private static Answer streamed(IndexReader.PublishedIndex index, String caching) {
        return Answer.stream(200, "application/octet-stream", index.length(), index::writeTo)
            .with("ETag", "\"" + index.sha256() + "\"").with("Cache-Control", caching);
    }

    /// The address depends on the settings and the stored file alone, so nothing a client sends can turn it.
    static Answer delivered(Delivery delivery, Call call, PackageFile file, InstantSource clock) {
        return delivered(delivery, call, file.blob(), file.filename(), clock);
    }

    static Answer delivered(Delivery delivery, Call call, BlobId blob, String filename, InstantSource clock) {
        return DeliveryFeature.redirect(delivery, new Parcel(blob, filename, call.isHead()), clock.instant());
    }

    private static Refused unknown() {
        return new Refused(404, "not_found", "there is nothing here");
    }
}
