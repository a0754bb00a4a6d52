package cambium.server.repository;

import cambium.formats.ParseResult;
import cambium.formats.dsc.DscReader;
import cambium.formats.dsc.SourceFile;
import cambium.formats.dsc.SourcePackage;
import cambium.server.access.Permission;
import cambium.server.blob.BlobStore;
import cambium.server.config.Role;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.http.Method;
import cambium.server.http.Route;
import cambium.server.repository.format.Submission;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells which files a .dsc names, before a client pushes it together with them. Nothing is stored.
final class SourceContentsRoutes {
    private static final long MAX_DSC_BYTES = 1 << 20;

    private final RepositoryAccess access;
    private final BlobStore blobs;

    SourceContentsRoutes(RepositoryAccess access, BlobStore blobs) {
        this.access = access;
        this.blobs = blobs;
    }

    List<Route> routes() {
        return List.of(new Route(Method.POST, "/api/v1/repos/{owner}/{repo}/packages/contents[.json]", Role.UPLOAD,
            Permission.PUSH, this::contents));
    }

    private Answer contents(Call call) throws IOException {
        if (access.readable(call).isEmpty()) {
            return RepositoryAccess.unknown();
        }
        try (PushForm form = PushForm.read(call, blobs, MAX_DSC_BYTES)) {
            Optional<Submission> submission = form.submission();
            if (submission.isEmpty()) {
                return refused("can't be blank", "package_file_missing");
            }
            try (InputStream in = new BufferedInputStream(submission.get().main().blob().open())) {
                return switch (DscReader.read(in)) {
                    case ParseResult.Parsed<SourcePackage>(SourcePackage source) -> Answer.json(200,
                        Map.of("files", source.files().stream().map(SourceContentsRoutes::json).toList()));
                    case ParseResult.Malformed<SourcePackage>(String code, String reason, _) -> refused(reason, code);
                };
            }
        }
    }

    /// Exactly these three: a client refuses any other name.
    private static Map<String, Object> json(SourceFile file) {
        var json = new LinkedHashMap<String, Object>();
        json.put("filename", file.name());
        json.put("size", file.sizeBytes());
        json.put("md5sum", file.md5());
        return json;
    }

    private static Answer refused(String reason, String code) {
        return Answer.json(422, Map.of("package_file", List.of(reason))).with("X-Cambium-Code", code);
    }
}
