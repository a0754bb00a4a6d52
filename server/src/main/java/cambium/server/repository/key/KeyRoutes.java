package cambium.server.repository.key;

import cambium.server.access.Permission;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Parameters;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.RepositoryAccess;
import cambium.server.repository.StoredRepository;
import cambium.server.signing.KeyFinding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The signing keys of a repository, by the native API. No answer holds anything secret.
public final class KeyRoutes {
    private static final String KEYS = "/api/repositories/{owner}/{repo}/keys";

    private final RepositoryAccess access;
    private final RepositoryKeys keys;
    private final InstantSource clock;

    public KeyRoutes(RepositoryAccess access, RepositoryKeys keys, InstantSource clock) {
        this.access = access;
        this.keys = keys;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
            route(Method.GET, KEYS, Permission.READ_REPOSITORY, (_, repository) -> list(repository)),
            route(Method.POST, KEYS, Permission.MANAGE_REPOSITORY, this::adopt),
            route(Method.POST, KEYS + "/rotate", Permission.MANAGE_REPOSITORY, this::rotate),
            route(Method.GET, KEYS + "/{key}", Permission.READ_REPOSITORY, (call, repository) ->
                one(call, repository, key -> Answer.bytes(200, "application/pgp-keys",
                    key.armored().getBytes(StandardCharsets.US_ASCII)))),
            route(Method.DELETE, KEYS + "/{key}", Permission.MANAGE_REPOSITORY, (call, repository) ->
                one(call, repository, key -> answer(200, keys.rotation().end(key, repository.id())))));
    }

    private Route route(Method method, String path, Permission permission,
        BiFunction<Call, StoredRepository, Answer> handler) {
        return new Route(method, path, Role.WEB, permission, call -> access.readable(call)
            .map(repository -> handler.apply(call, repository)).orElseGet(RepositoryAccess::unknown));
    }

    private Answer list(StoredRepository repository) {
        return Answer.json(200, Map.of("keys", keys.all(repository.id()).stream().map(this::json).toList()));
    }

    private Answer one(Call call, StoredRepository repository, Function<StoredKey, Answer> then) {
        return keys.find(repository.id(), call.param("key").toUpperCase(Locale.ROOT)).map(then)
            .orElseGet(() -> Answer.json(404, Map.of("error", "not_found")).with("X-Cambium-Code", "unknown_key"));
    }

    private Answer rotate(Call call, StoredRepository repository) {
        String userId = keys.userId(repository.name().toString());
        return answer(201, keys.rotation().rotate(repository.id(), userId, grace(call.parameters())));
    }

    private Answer adopt(Call call, StoredRepository repository) {
        Parameters parameters = call.parameters();
        byte[] file = parameters.first("secret_key").orElseThrow(() -> new Refused(422, "key_missing",
            "secret_key must be a secret key in ASCII armour")).getBytes(StandardCharsets.UTF_8);
        char[] passphrase = parameters.first("passphrase").orElse("").toCharArray();
        return answer(201, keys.rotation().adopt(repository.id(), file, passphrase, grace(parameters)));
    }

    private static Duration grace(Parameters parameters) {
        try {
            Duration grace = parameters.first("grace").map(Duration::parse).orElse(KeyRotation.USUAL_GRACE);
            if (!grace.isNegative() && grace.compareTo(KeyRotation.MAX_GRACE) <= 0) {
                return grace;
            }
        } catch (DateTimeParseException wrong) {
            // Told below, with the bounds.
        }
        throw new Refused(422, "grace_invalid", "grace must be an ISO 8601 duration of 0 to "
            + KeyRotation.MAX_GRACE.toDays() + " days, such as P90D or PT0S");
    }

    private Answer answer(int status, KeyChange change) {
        return switch (change) {
            case KeyChange.Done(var key) -> Answer.json(status, json(key));
            case KeyChange.Conflict(var code, var message) -> Answer.json(409, Map.of("code", code, "message", message))
                .with("X-Cambium-Code", code);
            case KeyChange.Unusable(var code, var message, var findings) -> Answer.json(422, Map.of("code", code,
                "message", message, "findings", findings.stream().map(KeyRoutes::json).toList()))
                .with("X-Cambium-Code", code);
        };
    }

    private Map<String, Object> json(StoredKey key) {
        Instant now = clock.instant();
        var json = new LinkedHashMap<String, Object>();
        json.put("fingerprint", key.fingerprint());
        json.put("key_id", key.keyId());
        json.put("state", key.state(now).name().toLowerCase(Locale.ROOT));
        json.put("origin", key.isImported() ? "imported" : "made");
        json.put("created_at", key.createdAt().toString());
        json.put("signs_until", key.signsUntil().map(Instant::toString).orElse(null));
        json.put("findings", key.findings(now).stream().map(KeyRoutes::json).toList());
        json.put("findings_in_a_year", key.findings(now.plus(StoredKey.AHEAD)).stream().map(KeyRoutes::json).toList());
        return json;
    }

    private static Map<String, Object> json(KeyFinding finding) {
        var json = new LinkedHashMap<String, Object>();
        json.put("severity", finding.severity().word());
        json.put("code", finding.code());
        json.put("message", finding.message());
        return json;
    }
}
