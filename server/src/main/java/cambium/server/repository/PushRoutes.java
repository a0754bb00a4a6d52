package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.blob.BlobStore;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.format.Submission;
import cambium.server.repository.token.RepositoryTokens;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Pushes a package: receive, parse, place. Index and publish follow by themselves. Refusals have packagecloud's shape,
/// a field with its messages; the stable code is in the header `X-Cambium-Code`.
final class PushRoutes {
    private static final List<String> ALREADY_TAKEN = List.of("has already been taken");

    private final RepositoryAccess access;
    private final Intake intake;
    private final Packages packages;
    private final JarPush jars;
    private final RepositoryTokens tokens;
    private final BlobStore blobs;
    private final RepositoryMeters meters;
    private final InstantSource clock;
    private final long maxPackageBytes;

    PushRoutes(RepositoryAccess access, Intake intake, Packages packages, JarPush jars, RepositoryTokens tokens,
        BlobStore blobs, RepositoryMeters meters, InstantSource clock, long maxPackageBytes) {
        this.access = access;
        this.intake = intake;
        this.packages = packages;
        this.jars = jars;
        this.tokens = tokens;
        this.blobs = blobs;
        this.meters = meters;
        this.clock = clock;
        this.maxPackageBytes = maxPackageBytes;
    }

    List<Route> routes() {
        return List.of(new Route(Method.POST, "/api/v1/repos/{owner}/{repo}/packages[.json]", Role.UPLOAD,
            Permission.PUSH, this::push));
    }

    private Answer push(Call call) throws IOException {
        Instant start = clock.instant();
        Optional<StoredRepository> repository = access.readable(call);
        if (repository.isEmpty()) {
            return RepositoryAccess.unknown();
        }
        intake.refuseWhenFull(call.header("Content-Length"));
        try (PushForm form = PushForm.read(call, blobs, maxPackageBytes)) {
            Optional<Submission> submission = form.submission();
            if (submission.isEmpty()) {
                return refused("package_file", "can't be blank", "package_file_missing");
            }
            Answer answer = JarPush.isMeant(form.distroVersionId())
                ? jars.push(call, repository.get(), submission.get(), form.coordinates())
                : push(call, repository.get(), form.distroVersionId(), submission.get());
            meters.pushed(Duration.between(start, clock.instant()),
                submission.get().all().mapToLong(sent -> sent.blob().sizeBytes()).sum());
            return answer;
        }
    }

    private Answer push(Call call, StoredRepository repository, Optional<String> suiteId, Submission submission)
        throws IOException {
        return switch (intake.read(intake.place(repository, suiteId, call.actor().name()), submission)) {
            case Intake.Reading.Refusal(var field, var message, var code, var controlField) ->
                refused(field, message, code, controlField);
            case Intake.Reading.Understood(IncomingPackage incoming) -> receive(call, incoming);
        };
    }

    private Answer receive(Call call, IncomingPackage incoming) {
        var json = PackageJson.of(call, incoming.repository(), tokens);
        return switch (packages.receive(incoming)) {
            case Receipt.Received(StoredPackage stored) -> Answer.json(201, json.details(stored));
            case Receipt.AlreadyThere(StoredPackage stored) ->
                call.query("idempotent").filter("true"::equals).isPresent()
                    ? Answer.json(200, json.details(stored)) : taken("the same bytes are there already");
            case Receipt.Taken(String reason) -> taken(reason);
        };
    }

    /// Clients compare this body as a whole; the reason is in a header only.
    static Answer taken(String reason) {
        return Answer.json(422, Map.of("filename", ALREADY_TAKEN)).with("X-Cambium-Code", "filename_taken")
            .with("X-Cambium-Reason", reason);
    }

    static Answer refused(String field, String message, String code) {
        return refused(field, message, code, Optional.empty());
    }

    private static Answer refused(String field, String message, String code, Optional<String> controlField) {
        var body = new LinkedHashMap<String, Object>();
        body.put(field, List.of(message));
        controlField.ifPresent(name -> body.put("field", List.of(name)));
        return Answer.json(422, body).with("X-Cambium-Code", code);
    }
}
