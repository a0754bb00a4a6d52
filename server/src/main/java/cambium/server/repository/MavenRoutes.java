package cambium.server.repository;

import cambium.server.access.Permission;
import cambium.server.blob.BlobId;
import cambium.server.blob.BlobStore;
import cambium.server.blob.StagedBlob;
import cambium.server.blob.Staging;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Refused;
import cambium.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Files under a path: packagecloud's `artifacts.json?key=`, which its Maven wagon speaks, and the plain layout that
/// Maven and Gradle speak by themselves.
final class MavenRoutes {
    private static final String BY_KEY = "/api/v1/repos/{owner}/{repo}/artifacts[.json]";
    private static final List<String> BY_PATH =
        List.of("/{owner}/{repo}/maven2/{path...}", "/{owner}/{repo}/java/maven2/{path...}");
    private static final String DOWNLOAD =
        "/{owner}/{repo}/packages/java/{group}/{main}/artifacts/{filename}/download";
    private static final Map<String, String> ALGORITHMS =
        Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha512", "SHA-512");
    private static final int MAX_DIGEST_FILE_BYTES = 1024;

    private final RepositoryAccess access;
    private final MavenFiles files;
    private final BlobStore blobs;
    private final long maxFileBytes;

    MavenRoutes(RepositoryAccess access, MavenFiles files, BlobStore blobs, long maxFileBytes) {
        this.access = access;
        this.files = files;
        this.blobs = blobs;
        this.maxFileBytes = maxFileBytes;
    }

    List<Route> routes() {
        var routes = new ArrayList<>(List.of(
            new Route(Method.GET, BY_KEY, Role.WEB, Permission.NONE,
                call -> get(call, call.query("key").orElse(""))),
            new Route(Method.PUT, BY_KEY, Role.UPLOAD, Permission.PUSH,
                call -> put(call, call.query("key").orElse(""))),
            new Route(Method.GET, DOWNLOAD, Role.WEB, Permission.NONE, this::download),
            new Route(Method.DELETE, "/api/v1/repos/{owner}/{repo}/java/maven2/{group}/{filename}", Role.WEB,
                Permission.PUSH, this::delete)));
        for (String path : BY_PATH) {
            routes.add(new Route(Method.GET, path, Role.WEB, Permission.NONE,
                call -> get(call, call.param("path"))));
            routes.add(new Route(Method.PUT, path, Role.UPLOAD, Permission.PUSH,
                call -> put(call, call.param("path"))));
        }
        return routes;
    }

    /// Lists of versions are also read with the token that makes others, as packagecloud's clients do.
    private Answer get(Call call, String key) {
        Optional<MavenPath> path = MavenPath.parse(key);
        StoredRepository repository = path.flatMap(MavenRoutes::listed).isPresent()
            ? access.listedToClient(call) : access.readableByClient(call);
        return path.flatMap(wanted -> files.find(repository.id(), wanted).map(this::stored)
                .or(() -> made(repository, wanted)).or(() -> digest(repository, wanted)))
            .orElseThrow(() -> new Refused(404, "not_found", "there is nothing under this key"));
    }

    /// The name whose versions this file lists, also if it is a digest of such a list.
    private static Optional<String> listed(MavenPath path) {
        return path.digest().map(MavenPath.DigestOf::path).orElse(path).listedBy();
    }

    private Answer download(Call call) {
        return files.named(access.readableByClient(call).id(), call.param("group"), call.param("filename"))
            .map(this::stored).orElseThrow(() -> new Refused(404, "unknown_package", "there is no such package"));
    }

    private Answer delete(Call call) {
        Optional<StoredRepository> repository = access.readable(call);
        boolean deleted = repository.flatMap(known ->
                files.named(known.id(), call.param("group"), call.param("filename")))
            .filter(file -> files.withdraw(repository.get().id(), file.path())).isPresent();
        String field = repository.isPresent() ? "filename" : "repository";
        return deleted ? Answer.json(200, Map.of()) : Answer.json(404, Map.of(field, List.of("not found")))
            .with("X-Cambium-Code", repository.isPresent() ? "unknown_package" : "unknown_repository");
    }

    /// What nobody has uploaded is known all the same, and clients that check strictly need it.
    private Optional<Answer> digest(StoredRepository repository, MavenPath path) {
        return path.digest().flatMap(wanted -> files.find(repository.id(), wanted.path())
            .map(file -> (Answer) Answer.text(200, digest(file, wanted.algorithm()))
                .with("Cache-Control", "private, no-cache")));
    }

    private static String digest(MavenFiles.MavenFile file, String algorithm) {
        return switch (algorithm) {
            case "md5" -> file.digests().md5();
            case "sha1" -> file.digests().sha1();
            case "sha256" -> file.digests().sha256();
            default -> file.digests().sha512();
        };
    }

    private Answer stored(MavenFiles.MavenFile file) {
        var blob = new BlobId(file.digests().sha256());
        return Answer.stream(200, contentType(file.path().filename()), file.sizeBytes(), (out, from, to) -> {
            try (InputStream in = blobs.open(blob, from, to)) {
                in.transferTo(out);
            }
        }).with("ETag", "\"" + blob + "\"").with("Cache-Control", "private, no-cache")
            .with("Content-Disposition", "attachment; filename=\"" + file.path().filename() + "\"");
    }

    /// The list of a name's versions, or a digest of it.
    private Optional<Answer> made(StoredRepository repository, MavenPath path) {
        Optional<MavenPath.DigestOf> digest = path.digest();
        return listed(path)
            .flatMap(ofName -> files.metadata(repository.id(), ofName))
            .map(xml -> (Answer) digest.map(wanted -> Answer.text(200, hex(xml, wanted.algorithm())))
                .orElseGet(() -> Answer.bytes(200, "text/xml; charset=utf-8", xml))
                .with("Cache-Control", "private, no-cache"));
    }

    private Answer put(Call call, String key) throws IOException {
        Optional<StoredRepository> repository = access.readable(call);
        if (repository.isEmpty()) {
            return RepositoryAccess.unknown();
        }
        Optional<MavenPath> path = MavenPath.parse(key);
        if (path.isEmpty()) {
            return refused("key", "is not a path such as org/example/thing/1.0/thing-1.0.jar", "key_invalid");
        }
        try (StagedBlob staged = staged(call)) {
            Optional<MavenPath.DigestOf> digest = path.get().digest();
            if (listed(path.get()).isPresent()) {
                return created();
            }
            if (digest.isPresent() && contradicts(repository.get(), digest.get(), staged)) {
                return refused("key", "is a digest of other bytes than were stored", "digest_mismatch");
            }
            return files.store(repository.get().id(), path.get(), staged, call.actor().name()) ? created()
                : refused("filename", "has already been taken", "filename_taken");
        }
    }

    private StagedBlob staged(Call call) throws IOException {
        return switch (blobs.stage(call.body(), maxFileBytes)) {
            case Staging.Staged(StagedBlob blob) -> blob;
            case Staging.TooLarge(long maxBytes) ->
                throw new Refused(413, "too_large", "a file may have at most " + maxBytes + " bytes");
        };
    }

    private boolean contradicts(StoredRepository repository, MavenPath.DigestOf digest, StagedBlob staged)
        throws IOException {
        Optional<MavenFiles.MavenFile> file = files.find(repository.id(), digest.path());
        if (file.isEmpty() || digest.path().isReplaceable()) {
            return false;
        }
        try (InputStream in = staged.open()) {
            String said = new String(in.readNBytes(MAX_DIGEST_FILE_BYTES), StandardCharsets.US_ASCII).strip();
            return !said.split("\\s", 2)[0].equalsIgnoreCase(digest(file.get(), digest.algorithm()));
        }
    }

    private static Answer created() {
        return Answer.json(201, Map.of());
    }

    private static Answer refused(String field, String message, String code) {
        return Answer.json(422, Map.of(field, List.of(message))).with("X-Cambium-Code", code);
    }

    private static String contentType(String filename) {
        return switch (filename.substring(filename.lastIndexOf('.') + 1)) {
            case "jar", "war", "aar" -> "application/java-archive";
            case "pom", "xml" -> "text/xml; charset=utf-8";
            case "md5", "sha1", "sha256", "sha512", "asc" -> "text/plain; charset=utf-8";
            default -> "application/octet-stream";
        };
    }

    private static String hex(byte[] bytes, String algorithm) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(ALGORITHMS.get(algorithm)).digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has " + algorithm, missing);
        }
    }
}
