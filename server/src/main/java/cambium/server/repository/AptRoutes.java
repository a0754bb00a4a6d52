package cambium.server.repository;

import cambium.formats.index.IndexForm;
import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What apt asks for: signed files, indexes by name and by hash, packages; for the whole suite and for each ring.
/// Signed files carry no `Last-Modified`: two generations may fall into one second, and apt would keep the older.
final class AptRoutes {
    private static final List<String> ROOTS = List.of("/{owner}/{repo}/{os}", "/{owner}/{repo}/rings/{ring}/{os}");
    private static final Pattern INDEX = Pattern.compile("main/binary-([a-z0-9-]{1,32})/Packages(|\\.gz|\\.xz)");
    private static final Pattern BY_HASH =
        Pattern.compile("main/binary-([a-z0-9-]{1,32})/by-hash/SHA256/([0-9a-f]{64})");
    private static final Pattern RING = Pattern.compile("[0-9]{1,6}");

    private final RepositoryAccess access;
    private final Repositories repositories;
    private final IndexReader indexes;
    private final PoolReader pool;
    private final DeliveryLinks links;
    private final InstantSource clock;

    AptRoutes(RepositoryAccess access, Repositories repositories, IndexReader indexes, PoolReader pool,
        DeliveryLinks links, InstantSource clock) {
        this.access = access;
        this.repositories = repositories;
        this.indexes = indexes;
        this.pool = pool;
        this.links = links;
        this.clock = clock;
    }

    List<Route> routes() {
        var routes = new java.util.ArrayList<Route>();
        for (String root : ROOTS) {
            boolean ofRing = root.contains("{ring}");
            routes.add(new Route(Method.GET, root + "/dists/{codename}/{file...}", Role.WEB, Permission.NONE,
                call -> index(call, ofRing)));
            routes.add(new Route(Method.GET, root + "/pool/{codename}/{file...}", Role.WEB, Permission.NONE,
                call -> fromPool(call, ofRing)));
        }
        routes.add(new Route(Method.GET, "/{owner}/{repo}/gpgkey", Role.WEB, Permission.NONE, this::key));
        return routes;
    }

    private IndexReader.Address address(Call call, boolean ofRing) {
        StoredRepository repository = access.readableByClient(call);
        OptionalInt ring = OptionalInt.empty();
        if (ofRing) {
            if (!RING.matcher(call.param("ring")).matches()) {
                throw unknown();
            }
            ring = OptionalInt.of(Integer.parseInt(call.param("ring")));
        }
        return new IndexReader.Address(repository.name(), call.param("os"), call.param("codename"), ring);
    }

    private Answer index(Call call, boolean ofRing) {
        ChannelRow channel = indexes.channel(address(call, ofRing)).orElseThrow(AptRoutes::unknown);
        String file = call.param("file");
        return switch (file) {
            case "InRelease" -> signed(channel, indexes.signedFiles(channel).inRelease(), "text/plain; charset=utf-8");
            case "Release" -> signed(channel, indexes.signedFiles(channel).release(), "text/plain; charset=utf-8");
            case "Release.gpg" -> signed(channel, indexes.signedFiles(channel).releaseGpg(),
                "application/pgp-signature");
            default -> packages(channel, file);
        };
    }

    private static Answer signed(ChannelRow channel, byte[] bytes, String type) {
        return Answer.bytes(200, type, bytes).with("Cache-Control", (channel.isPrivate() ? "private" : "public")
            + ", no-cache");
    }

    private Answer packages(ChannelRow channel, String file) {
        Matcher byHash = BY_HASH.matcher(file);
        if (byHash.matches()) {
            return indexes.byHash(channel, byHash.group(1), byHash.group(2))
                .map(index -> streamed(channel, index, "max-age=86400, immutable")).orElseThrow(AptRoutes::unknown);
        }
        Matcher byName = INDEX.matcher(file);
        if (byName.matches()) {
            return indexes.current(channel, byName.group(1), form(byName.group(2)))
                .map(index -> streamed(channel, index, "no-cache")).orElseThrow(AptRoutes::unknown);
        }
        throw unknown();
    }

    private static IndexForm form(String suffix) {
        for (IndexForm form : IndexForm.values()) {
            if (form.suffix().equals(suffix)) {
                return form;
            }
        }
        throw new IllegalStateException("no form has the suffix '" + suffix + "'");
    }

    private static Answer streamed(ChannelRow channel, IndexReader.PublishedIndex index, String caching) {
        return Answer.stream(200, "application/octet-stream", index.length(), index::writeTo)
            .with("ETag", "\"" + index.sha256() + "\"")
            .with("Cache-Control", (channel.isPrivate() ? "private, " : "public, ") + caching);
    }

    private Answer fromPool(Call call, boolean ofRing) {
        String path = "pool/" + call.param("codename") + "/" + call.param("file");
        Optional<StoredPackage> found = pool.find(address(call, ofRing), path, clock.instant());
        return found.map(stored -> delivered(links, stored, clock)).orElseThrow(AptRoutes::unknown);
    }

    /// The address depends on the stored package alone and is relative, so nothing a client sends can turn it.
    static Answer delivered(DeliveryLinks links, StoredPackage stored, InstantSource clock) {
        return Answer.redirect(302, links.link(stored.blob(), stored.filename(), clock.instant()))
            .with("Cache-Control", "private, no-store");
    }

    private Answer key(Call call) {
        StoredRepository repository = access.readableByClient(call);
        Repositories.PublicKey key = repositories.publicKey(repository.id());
        return Answer.text(200, key.armored()).with("ETag", "\"" + key.fingerprint() + "\"")
            .with("Cache-Control", repository.isPrivate() ? "private, no-cache" : "public, no-cache")
            .with("X-Key-Fingerprint", key.fingerprint());
    }

    private static Refused unknown() {
        return new Refused(404, "not_found", "there is nothing here");
    }
}
