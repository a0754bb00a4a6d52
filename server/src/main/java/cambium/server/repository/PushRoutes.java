package cambium.server.repository;

import cambium.formats.ParseResult;
import cambium.server.access.Permission;
import cambium.server.blob.BlobStore;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import cambium.server.repository.apt.DscFormat;
import cambium.server.repository.format.Formats;
import cambium.server.repository.format.PackageFormat;
import cambium.server.repository.format.ReadPackage;
import cambium.server.repository.format.Submission;
import cambium.server.repository.token.RepositoryTokens;
import java.io.IOException;
import java.io.InputStream;
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
    /// Kept free for indexes, logs and brakes while packages come in.
    private static final long RESERVED_BYTES = 64L << 20;
    private static final List<String> ALREADY_TAKEN = List.of("has already been taken");

    private final RepositoryAccess access;
    private final DistributionCatalog catalog;
    private final Packages packages;
    private final PackagePolicies policies;
    private final RepositoryTokens tokens;
    private final Formats formats;
    private final BlobStore blobs;
    private final RepositoryMeters meters;
    private final InstantSource clock;
    private final long maxPackageBytes;

    PushRoutes(RepositoryAccess access, DistributionCatalog catalog, Packages packages, PackagePolicies policies,
        RepositoryTokens tokens, Formats formats, BlobStore blobs, RepositoryMeters meters, InstantSource clock,
        long maxPackageBytes) {
        this.access = access;
        this.catalog = catalog;
        this.packages = packages;
        this.policies = policies;
        this.tokens = tokens;
        this.formats = formats;
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
        refuseWhenFull(call);
        try (PushForm form = PushForm.read(call, blobs, maxPackageBytes)) {
            Optional<Submission> submission = form.submission();
            if (submission.isEmpty()) {
                return refused("package_file", "can't be blank", "package_file_missing");
            }
            Answer answer = push(call, repository.get(), form.distroVersionId(), submission.get());
            meters.pushed(Duration.between(start, clock.instant()),
                submission.get().all().mapToLong(sent -> sent.blob().sizeBytes()).sum());
            return answer;
        }
    }

    /// Before the body is read. What comes without a length is received as far as the disk goes.
    private void refuseWhenFull(Call call) throws IOException {
        long coming = call.header("Content-Length").filter(text -> text.matches("[0-9]{1,18}")).map(Long::parseLong)
            .orElse(0L);
        if (coming > blobs.usableBytes() - RESERVED_BYTES) {
            throw new Refused(507, "disk_full", "there is no room for this package; nothing was stored");
        }
    }

    private Answer push(Call call, StoredRepository repository, Optional<String> suiteId, Submission submission)
        throws IOException {
        Optional<KnownSuite> suite = suiteId.filter(text -> text.matches("[0-9]{1,9}")).map(Integer::parseInt)
            .flatMap(catalog::suite);
        PackageFormat format = formats.of(start(submission), suite.map(KnownSuite::family));
        return switch (format.read(submission)) {
            case ParseResult.Malformed<ReadPackage>(String code, String reason, Optional<String> field) ->
                refused(code.equals(DscFormat.SOURCE_FILES) ? "source_files" : "package_file", reason, code, field);
            case ParseResult.Parsed<ReadPackage>(ReadPackage read) -> {
                if (suiteId.isEmpty()) {
                    yield refused("distro_version_id", "can't be blank", "distro_version_id_missing");
                }
                Optional<KnownSuite> fitting = suite.filter(known -> known.family() == format.type().family());
                if (fitting.isEmpty()) {
                    yield refused("distro_version_id", "is not a distribution for " + format.type().word()
                        + " packages", "unknown_distribution");
                }
                Optional<String> objection = read.objection(policies.of(repository.id()));
                yield objection.isPresent() ? refused("package_file", objection.get(), PackagePolicies.CODE)
                    : receive(call, new IncomingPackage(repository, fitting.get(), read, read.description(),
                        submission, call.actor().name()));
            }
        };
    }

    private static byte[] start(Submission submission) throws IOException {
        try (InputStream in = submission.main().blob().open()) {
            return in.readNBytes(PackageFormat.START_BYTES);
        }
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
    private static Answer taken(String reason) {
        return Answer.json(422, Map.of("filename", ALREADY_TAKEN)).with("X-Cambium-Code", "filename_taken")
            .with("X-Cambium-Reason", reason);
    }

    private static Answer refused(String field, String message, String code) {
        return refused(field, message, code, Optional.empty());
    }

    private static Answer refused(String field, String message, String code, Optional<String> controlField) {
        var body = new LinkedHashMap<String, Object>();
        body.put(field, List.of(message));
        controlField.ifPresent(name -> body.put("field", List.of(name)));
        return Answer.json(422, body).with("X-Cambium-Code", code);
    }
}
