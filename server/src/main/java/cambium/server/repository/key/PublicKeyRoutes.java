package cambium.server.repository.key;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.repository.RepositoryAccess;
import cambium.server.repository.StoredRepository;
import cambium.server.signing.PublicKeys.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// The public keys of a repository as package managers fetch them and as packagecloud's API lists them: those that
/// sign its indexes (`repo`), and those that its packages came signed with (`package`).
public final class PublicKeyRoutes {
    private static final String API = "/api/v1/repos/{owner}/{repo}/gpg_keys";
    private static final String DATA = "gpg_key[keydata]";

    private final RepositoryAccess access;
    private final RepositoryKeys keys;
    private final PackageKeys packageKeys;

    public PublicKeyRoutes(RepositoryAccess access, RepositoryKeys keys, PackageKeys packageKeys) {
        this.access = access;
        this.keys = keys;
        this.packageKeys = packageKeys;
    }

    private record Named(String name, String type, PublicKey key) {}

    public List<Route> routes() {
        return List.of(
            new Route(Method.GET, "/{owner}/{repo}/gpgkey", Role.WEB, Permission.NONE, this::signing),
            new Route(Method.GET, "/{owner}/{repo}/gpgkey/{name}", Role.WEB, Permission.NONE, this::one),
            api(Method.GET, "[.json]", Permission.NONE, (call, repository) -> Answer.json(200, Map.of("gpg_keys",
                all(repository).stream().map(key -> json(call, repository, key)).toList()))),
            api(Method.POST, "[.json]", Permission.MANAGE_REPOSITORY, this::add),
            api(Method.GET, "/{name}[.json]", Permission.NONE, (call, repository) -> named(call, repository)
                .map(key -> (Answer) Answer.json(200, json(call, repository, key)))
                .orElseGet(PublicKeyRoutes::unknown)),
            api(Method.DELETE, "/{name}[.json]", Permission.MANAGE_REPOSITORY, this::remove));
    }

    /// The names of the package keys of a repository, as in addresses.
    public List<String> packageKeyNames(StoredRepository repository) {
        return packageKeys.all(repository.id()).stream().map(key -> named(repository, "package", key).name()).toList();
    }

    private Route api(Method method, String path, Permission permission,
        BiFunction<Call, StoredRepository, Answer> handler) {
        return new Route(method, API + path, Role.WEB, permission, call -> access.readable(call)
            .map(repository -> handler.apply(call, repository)).orElseGet(RepositoryAccess::unknown));
    }

    /// All keys that sign, in one block: while two do, clients learn both.
    private Answer signing(Call call) {
        StoredRepository repository = access.readableByClient(call);
        List<StoredKey> active = keys.active(repository.id());
        return text(repository, keys.publicKeys(repository.id()),
            String.join("-", active.stream().map(StoredKey::fingerprint).toList()))
            .with("X-Key-Fingerprint", active.getFirst().fingerprint());
    }

    private Answer one(Call call) {
        StoredRepository repository = access.readableByClient(call);
        return named(call, repository).map(named ->
            (Answer) text(repository, named.key().armored(), named.key().fingerprint()))
            .orElseGet(PublicKeyRoutes::unknown);
    }

    private static Answer.Bytes text(StoredRepository repository, String armored, String tag) {
        return Answer.bytes(200, "text/plain; charset=utf-8", armored.getBytes(StandardCharsets.US_ASCII))
            .with("ETag", "\"" + tag + "\"")
            .with("Cache-Control", repository.isPrivate() ? "private, no-cache" : "public, no-cache");
    }

    /// The official client reads the error as text.
    private Answer add(Call call, StoredRepository repository) {
        byte[] file = call.file(DATA).or(() -> call.parameters().first(DATA)
            .map(text -> text.getBytes(StandardCharsets.UTF_8))).orElse(new byte[0]);
        return switch (packageKeys.add(repository.id(), file)) {
            case PackageKeys.Added.Kept(PublicKey key) ->
                Answer.json(201, json(call, repository, named(repository, "package", key)));
            case PackageKeys.Added.Unusable(String code, String message) ->
                Answer.json(422, Map.of("error", message)).with("X-Cambium-Code", code);
        };
    }

    /// Keys that sign the repository are not found here, as at packagecloud; one that is also a package key is.
    private Answer remove(Call call, StoredRepository repository) {
        return all(repository).stream().filter(key -> key.name().equals(call.param("name")))
            .filter(key -> key.type().equals("package")).findFirst()
            .filter(key -> packageKeys.remove(repository.id(), key.key().fingerprint()))
            .map(_ -> (Answer) Answer.empty(204)).orElseGet(PublicKeyRoutes::unknown);
    }

    private Optional<Named> named(Call call, StoredRepository repository) {
        return all(repository).stream().filter(key -> key.name().equals(call.param("name"))).findFirst();
    }

    private List<Named> all(StoredRepository repository) {
        var all = new ArrayList<Named>();
        keys.active(repository.id()).forEach(key ->
            all.add(named(repository, "repo", new PublicKey(key.fingerprint(), key.armored()))));
        packageKeys.all(repository.id()).forEach(key -> all.add(named(repository, "package", key)));
        return all;
    }

    private static Named named(StoredRepository repository, String type, PublicKey key) {
        return new Named(repository.name().owner() + "-" + repository.name().name() + "-" + key.keyId() + ".pub.gpg",
            type, key);
    }

    private static Map<String, Object> json(Call call, StoredRepository repository, Named key) {
        String self = "/api/v1/repos/" + repository.name() + "/gpg_keys/" + key.name() + ".json";
        var json = new LinkedHashMap<String, Object>();
        json.put("name", key.name());
        json.put("fingerprint", key.key().fingerprint());
        json.put("keytype", key.type());
        json.put("self", self);
        json.put("destroy_url", self);
        json.put("download_url", call.baseUrl() + "/" + repository.name() + "/gpgkey/" + key.name());
        return json;
    }

    private static Answer unknown() {
        return Answer.json(404, Map.of("error", "not_found")).with("X-Cambium-Code", "unknown_key");
    }
}
