package cambium.server.repository;

import cambium.server.access.Actor;
import cambium.server.access.MasterKey;
import cambium.server.access.SealedTokens;
import cambium.server.blob.BlobStore;
import cambium.server.blob.FolderBlobStore;
import cambium.server.config.DataFolder;
import cambium.server.config.DeliveryChoice;
import cambium.server.delivery.DeliveryFeature;
import cambium.server.http.Json;
import cambium.server.http.Refused;
import cambium.server.http.RequestHead;
import cambium.server.repository.key.RepositoryKeys;
import cambium.server.sql.Database;
import cambium.server.sql.Notices;
import cambium.server.testing.Eventually;
import cambium.server.testing.TestDatabase;
import cambium.server.webhook.Transports;
import cambium.server.testing.TestServer;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The repository half behind a real HTTP server, with a real database and folder of its own. Whoever sends the token
/// may do everything; others are anonymous, or refused when they send another one.
public final class RepositoryServer implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
    static final String BOOKWORM = "215";
    /// Tests move the clock of the server, not that of the database.
    private static final Duration FOREVER = Duration.ofDays(100_000);
    private static final List<byte[]> SECRETS = List.of(shortSecret(), shortSecret());

    public final Database database;
    public final Notices notices;
    final FolderBlobStore blobs;
    private final DataFolder keyFolder;
    private final MasterKey masterKey;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DeliveryFeature delivery;
    public final RepositoryFeature feature;
    public final TestServer http;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private int keysGiven;

    private RepositoryServer(Database database, Path data, InstantSource clock, long maxPackageBytes) {
        this(database, data, clock, maxPackageBytes, store -> store);
    }

    private RepositoryServer(Database database, Path data, InstantSource clock, long maxPackageBytes,
        UnaryOperator<BlobStore> wrapped) {
        this(database, data, clock, maxPackageBytes, wrapped, Transports.Settings.posts(Set.of("127.0.0.1")));
    }

    private RepositoryServer(Database database, Path data, InstantSource clock, long maxPackageBytes,
        UnaryOperator<BlobStore> wrapped, Transports.Settings telling) {
        this.database = database;
        this.notices = new Notices(database.address());
        this.blobs = new FolderBlobStore(data.resolve("blobs"), data.resolve("incoming"));
        this.keyFolder = DataFolder.lock(data.resolve("key-" + UUID.randomUUID()));
        this.masterKey = MasterKey.of(keyFolder, Optional.of("ab".repeat(32)), new SecureRandom());
        this.delivery = new DeliveryFeature(new DeliveryFeature.Settings(new DeliveryChoice.Own(), Optional.empty(),
            masterKey.subkey("delivery-links"), false), blobs, clock);
        this.feature = newFeature(notices, wrapped.apply(blobs), clock,
            new RepositorySettings("packages.example.org", maxPackageBytes, 2, 0).tolerating(FOREVER).telling(telling));
        this.http = TestServer.of(Stream.concat(feature.routes().stream(), delivery.routes().stream()).toList(),
            this::identify);
    }

    /// With its index worker running, and events told in these ways.
    static RepositoryServer telling(Path data, Transports.Settings ways) {
        var server = new RepositoryServer(TestDatabase.fresh(), data, InstantSource.system(), 1L << 30, store -> store,
            ways);
        server.feature.startIndexing();
        return server;
    }

    /// With its index worker running.
    public static RepositoryServer start(Path data) {
        var server = startIdle(data, InstantSource.system());
        server.feature.startIndexing();
        return server;
    }

    static RepositoryServer start(Path data, InstantSource clock) {
        var server = startIdle(data, clock);
        server.feature.startIndexing();
        return server;
    }

    /// Without an index worker: what is pushed stays pending.
    static RepositoryServer startIdle(Path data, InstantSource clock) {
        return new RepositoryServer(TestDatabase.fresh(), data, clock, 1L << 30);
    }

    /// Another process on the same database and blobs, so to say; nothing else is shared.
    static RepositoryServer besides(RepositoryServer first, Path data) {
        return new RepositoryServer(Database.open(first.database.address()), data, InstantSource.system(), 1L << 30);
    }

    /// Without an index worker, on that database, with something between it and its folder of blobs.
    static RepositoryServer over(Database database, Path data, InstantSource clock, UnaryOperator<BlobStore> wrapped) {
        return new RepositoryServer(database, data, clock, 1L << 30, wrapped);
    }

    static RepositoryServer withLimit(Path data, long maxPackageBytes) {
        return new RepositoryServer(TestDatabase.fresh(), data, InstantSource.system(), maxPackageBytes);
    }

    private RepositoryFeature newFeature(Notices notices, BlobStore blobs, InstantSource clock,
        RepositorySettings settings) {
        return new RepositoryFeature(database, notices, blobs, masterKey, registry, clock, settings,
            delivery.delivery());
    }

    /// Half as long as a real one, since making that takes very long in a test.
    private static byte[] shortSecret() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair().getPrivate().getEncoded();
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    private Actor identify(RequestHead head) {
        Optional<String> authorization = head.header("Authorization");
        if (authorization.isEmpty()) {
            return Actor.ANONYMOUS;
        }
        String secret = authorization.get().startsWith("Bearer ") ? authorization.get().substring(7)
            : new String(Base64.getDecoder().decode(authorization.get().substring("Basic ".length()))).split(":")[0];
        if (secret.equals(TOKEN)) {
            return Actor.allowedEverything("anna");
        }
        return Optional.of(secret).filter(SealedTokens::isWellFormed)
            .flatMap(value -> feature.tokens().bySha256(SealedTokens.sha256(value)))
            .orElseThrow(() -> new Refused(401, "unauthenticated", "the token is wrong"));
    }

    /// What a client sends whose user name is that token.
    static String basic(String token) {
        return "Basic " + Base64.getEncoder().encodeToString((token + ":any").getBytes());
    }

    static String authorization() {
        return "Basic " + Base64.getEncoder().encodeToString((TOKEN + ":").getBytes());
    }

    /// Creates a public repository, with a key that was made before.
    public void create(String owner, String name) {
        create(owner + "/" + name, false);
    }

    void create(String name, boolean isPrivate) {
        giveSpareKey();
        HttpResponse<String> created = send(authorized("/api/v1/repos.json")
            .header("Content-Type", "application/json").POST(BodyPublishers.ofString(
                "{\"repository\":{\"name\":\"" + name + "\",\"private\":\"" + (isPrivate ? "1" : "0") + "\"}}")));
        if (created.statusCode() != 201) {
            throw new AssertionError(created.statusCode() + " " + created.body());
        }
    }

    /// Channels that nobody can sign, each of a repository of its own, waiting for their first generation.
    void addChannelsWithoutKey(int count) {
        database.transact(sql -> sql.execute("""
            with repositories as (insert into repository (owner, name, private, created_at)
                select 'unsigned', 'r' || n, false, now() from generate_series(1, ?) n returning id),
            suites as (insert into suite (repository_id, distribution, codename, distro_version_id, family)
                select id, 'debian', 'bookworm', ?, 'apt' from repositories returning id)
            insert into channel (suite_id) select id from suites""", count, Integer.parseInt(BOOKWORM)));
    }

    private RepositoryKeys keys() {
        return new RepositoryKeys(database, masterKey, InstantSource.system(), "packages.example.org", 0, FOREVER);
    }

    void giveSpareKey() {
        keys().store(SECRETS.get(keysGiven++ % SECRETS.size()));
    }

    public HttpRequest.Builder authorized(String path) {
        return http.request(path, "Authorization", authorization());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return http.send(request.build());
    }

    HttpResponse<String> get(String path) {
        return send(authorized(path));
    }

    JsonNode json(String path) {
        HttpResponse<String> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.read(answer.body().getBytes());
    }

    HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> bytes(String path) throws IOException, InterruptedException {
        return bytes(http.request(path));
    }

    HttpResponse<String> push(String repository, byte[] deb) {
        return push(repository, deb, BOOKWORM, "");
    }

    HttpResponse<String> push(String repository, byte[] deb, String distroVersionId, String query) {
        return send(new TestForm().file(deb).field("package[distro_version_id]", distroVersionId)
            .request(authorized("/api/v1/repos/" + repository + "/packages.json" + query)));
    }

    public void pushed(String repository, byte[] deb) {
        HttpResponse<String> answer = push(repository, deb);
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    /// A publisher as another process would have one; `blobs` may be slow or broken.
    ChannelPublisher publisher(BlobStore store) {
        return new ChannelPublisher(database, store, keys().signer(),
            InstantSource.system(), "packages.example.org", RepositoryFeature.FORMATS);
    }

    /// The id of the one channel of `acme/shop` for bookworm, as a whole.
    long mainChannel() {
        return count("select id from channel where ring is null");
    }

    public void delete(String path) {
        HttpResponse<String> answer = send(authorized("/api/v1/repos/" + path).DELETE());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    /// Waits until nothing waits for the index.
    public void settled() {
        Eventually.holds("the index is up to date", () -> pending() == 0);
    }

    long pending() {
        return count("select (select count(*) from admission where work is not null) "
            + "+ (select count(*) from channel where generation = 0) as n");
    }

    long count(String query) {
        return database.read(sql -> sql.fetchSingle(query).get(0, Long.class));
    }

    @Override
    public void close() {
        http.close();
        client.close();
        feature.close();
        notices.close();
        blobs.close();
        keyFolder.close();
        database.close();
    }
}
