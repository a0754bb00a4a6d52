package cambium.server.repository;

import cambium.formats.ParseResult;
import cambium.formats.jar.JarCoordinates;
import cambium.formats.jar.JarReader;
import cambium.server.blob.StagedBlob;
import cambium.server.http.Answer;
import cambium.server.http.Call;
import cambium.server.repository.format.Submission;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A .jar, .war or .aar that comes in the form of a push. It lies where Maven's clients look for it, at the path that
/// its coordinates `group:artifact:version` name, as if one of them had put it there; a path once taken stays so. Where
/// the client names none, the jar does, if Maven has built it.
final class JarPush {
    /// The one distribution of Java, by packagecloud's number.
    private static final int MAVEN2 = 167;
    private static final byte[] ZIP = {'P', 'K'};
    private static final Pattern COORDINATES = Pattern.compile("([^:/]+):([^:/]+):([^:/]+)");
    private static final List<String> ENDINGS = List.of("jar", "war", "aar");

    private final MavenFiles files;

    JarPush(MavenFiles files) {
        this.files = files;
    }

    static boolean isMeant(Optional<String> suiteId) {
        return suiteId.filter(Integer.toString(MAVEN2)::equals).isPresent();
    }

    /// The bytes of `submission` are its caller's to close.
    Answer push(Call call, StoredRepository repository, Submission submission, Optional<String> coordinates)
        throws IOException {
        if (!isZip(submission)) {
            return PushRoutes.refused("package_file", "is not a jar, war or aar", "jar_malformed");
        }
        return switch (coordinates.isPresent() ? new ParseResult.Parsed<>(coordinates.get()) : stated(submission)) {
            case ParseResult.Malformed<String>(var code, var reason, _) -> PushRoutes.refused("coordinates",
                "can't be blank: send package[coordinates] as group:artifact:version, as " + reason, code);
            case ParseResult.Parsed<String>(String known) -> {
                Optional<MavenPath> path = path(known, ending(submission.main().name()));
                yield path.isPresent() ? put(call, repository, submission, path.get())
                    : PushRoutes.refused("coordinates", "are not group:artifact:version", "coordinates_invalid");
            }
        };
    }

    private Answer put(Call call, StoredRepository repository, Submission submission, MavenPath path)
        throws IOException {
        boolean isNew = files.store(repository.id(), path, submission.main().blob(), call.actor().name());
        Optional<MavenFiles.MavenFile> there = files.find(repository.id(), path);
        boolean isSame = there.filter(file -> file.digests().sha256().equals(submission.main().blob().digests()
            .sha256())).isPresent();
        boolean mayBeThere = call.query("idempotent").filter("true"::equals).isPresent();
        return isSame && (isNew || mayBeThere) ? Answer.json(isNew ? 201 : 200, described(there.get()))
            : PushRoutes.taken(isSame ? "the same bytes are there already" : "other bytes have these coordinates");
    }

    /// Clients send random names, so one without an ending that is known counts as a jar.
    private static String ending(String sentName) {
        String name = sentName.toLowerCase(Locale.ROOT);
        return ENDINGS.stream().filter(ending -> name.endsWith("." + ending)).findFirst().orElse("jar");
    }

    private static Optional<MavenPath> path(String coordinates, String ending) {
        var match = COORDINATES.matcher(coordinates);
        return match.matches() ? MavenPath.parse(match.group(1).replace('.', '/') + "/" + match.group(2) + "/"
            + match.group(3) + "/" + match.group(2) + "-" + match.group(3) + "." + ending)
            .filter(path -> path.place().isPresent()) : Optional.empty();
    }

    /// What the jar itself says.
    private static ParseResult<String> stated(Submission submission) throws IOException {
        StagedBlob jar = submission.main().blob();
        return switch (JarReader.coordinates((offset, length) -> bytes(jar, offset, length), jar.sizeBytes())) {
            case ParseResult.Malformed<JarCoordinates>(var code, var reason, var field) ->
                new ParseResult.Malformed<>(code, reason, field);
            case ParseResult.Parsed<JarCoordinates>(JarCoordinates stated) -> new ParseResult.Parsed<>(stated.text());
        };
    }

    private static byte[] bytes(StagedBlob jar, long offset, int length) throws IOException {
        try (InputStream in = jar.open()) {
            in.skipNBytes(Math.min(offset, jar.sizeBytes()));
            return in.readNBytes(length);
        }
    }

    private static boolean isZip(Submission submission) throws IOException {
        try (InputStream in = submission.main().blob().open()) {
            return Arrays.equals(in.readNBytes(ZIP.length), ZIP);
        }
    }

    /// Packagecloud's answer for a jar, which differs from that for other packages.
    private static Map<String, Object> described(MavenFiles.MavenFile file) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("version", file.path().place().orElseThrow().version());
        fields.put("filename", file.path().filename());
        fields.put("size", Long.toString(file.sizeBytes()));
        fields.put("distro_version_id", MAVEN2);
        fields.put("created_at", PackageJson.time(file.uploadedAt()));
        return Map.of("package", fields);
    }
}
