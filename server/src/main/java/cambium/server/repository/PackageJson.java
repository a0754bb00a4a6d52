package cambium.server.repository;

import cambium.formats.ParseResult;
import cambium.formats.deb.ControlParagraph;
import cambium.formats.deb.DebVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Packages as packagecloud's API shows them: the same keys, types and addresses, since clients read them strictly.
final class PackageJson {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final List<String> DEPENDENCIES =
        List.of("Depends", "Recommends", "Suggests", "Enhances", "Pre-Depends");

    private final StoredRepository repository;
    private final String baseUrl;

    PackageJson(StoredRepository repository, String baseUrl) {
        this.repository = repository;
        this.baseUrl = baseUrl;
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    /// The short form, as in lists.
    Map<String, Object> fragment(StoredPackage stored) {
        DebVersion version = version(stored);
        String html = "/" + repository.name();
        String api = "/api/v1/repos/" + repository.name();
        String one = packagePath(stored) + "/" + version.withoutEpoch();
        String place = "/" + stored.suite().slug() + "/" + stored.filename();
        var json = new LinkedHashMap<String, Object>();
        json.put("name", stored.name());
        json.put("distro_version", stored.suite().slug());
        json.put("created_at", time(stored.uploadedAt()));
        json.put("version", version.upstream());
        json.put("release", version.revision().orElse(null));
        json.put("epoch", stored.version().contains(":") ? version.epoch() : null);
        json.put("architecture", stored.architecture());
        json.put("scope", null);
        json.put("private", repository.isPrivate());
        json.put("type", "deb");
        json.put("filename", stored.filename());
        json.put("uploader_name", stored.uploader());
        json.put("indexed", stored.isIndexed());
        json.put("sha256sum", stored.digests().sha256());
        json.put("repository_html_url", html);
        json.put("package_url", one + ".json");
        json.put("downloads_detail_url", one + "/stats/downloads/detail.json");
        json.put("downloads_series_url", one + "/stats/downloads/series/daily.json");
        json.put("downloads_count_url", one + "/stats/downloads/count.json");
        json.put("package_html_url", html + "/packages" + place);
        json.put("download_url", baseUrl + html + "/packages" + place + "/download.deb?distro_version_id="
            + stored.suite().distroVersionId());
        json.put("promote_url", api + place + "/promote.json");
        json.put("destroy_url", api + place);
        return json;
    }

    /// The long form. A package that could not be indexed says why under `failure`, a key of our own.
    Map<String, Object> details(StoredPackage stored, long downloads) {
        var json = new LinkedHashMap<>(fragment(stored));
        ControlParagraph control = control(stored);
        Optional<String> description = control.get("Description");
        json.put("repository", repository.name().name());
        json.put("size", Long.toString(stored.sizeBytes()));
        json.put("summary", description.map(text -> text.lines().findFirst().orElse("")).orElse(""));
        json.put("description", description.map(PackageJson::unfolded).orElse(""));
        json.put("dependencies", dependencies(control));
        json.put("md5sum", stored.digests().md5());
        json.put("sha1sum", stored.digests().sha1());
        json.put("sha256sum", stored.digests().sha256());
        json.put("sha512sum", stored.digests().sha512());
        json.put("licenses", null);
        json.put("repository_url", "/api/v1/repos/" + repository.name());
        json.put("versions_url", packagePath(stored) + "/versions.json");
        json.put("total_downloads_count", downloads);
        json.put("self_url", json.get("package_url"));
        stored.failure().ifPresent(reason -> json.put("failure", reason));
        return json;
    }

    /// Of a package that nobody can have downloaded yet.
    Map<String, Object> details(StoredPackage stored) {
        return details(stored, 0);
    }

    private String packagePath(StoredPackage stored) {
        return "/api/v1/repos/" + repository.name() + "/package/deb/" + stored.suite().slug() + "/" + stored.name()
            + "/" + stored.architecture();
    }

    private static List<Map<String, Object>> dependencies(ControlParagraph control) {
        var contexts = new ArrayList<Map<String, Object>>();
        for (String field : DEPENDENCIES) {
            control.get(field).ifPresent(value -> {
                var context = new LinkedHashMap<String, Object>();
                context.put("context", field.toLowerCase(Locale.ROOT));
                context.put("dependencies",
                    Arrays.stream(value.split(",")).map(String::strip).filter(text -> !text.isEmpty()).toList());
                contexts.add(context);
            });
        }
        return contexts;
    }

    /// Continuation lines lose their leading blank, and a lone dot means an empty line (Debian Policy 5.6.13).
    private static String unfolded(String text) {
        return String.join("\n", text.lines().map(line -> line.startsWith(" ") ? line.substring(1) : line)
            .map(line -> line.equals(".") ? "" : line).toList());
    }

    private static DebVersion version(StoredPackage stored) {
        return switch (DebVersion.parse(stored.version())) {
            case ParseResult.Parsed<DebVersion>(var version) -> version;
            case ParseResult.Malformed<DebVersion> _ -> throw damaged(stored);
        };
    }

    private static ControlParagraph control(StoredPackage stored) {
        return switch (ControlParagraph.parse(stored.control().getBytes(StandardCharsets.UTF_8))) {
            case ParseResult.Parsed<ControlParagraph>(var control) -> control;
            case ParseResult.Malformed<ControlParagraph> _ -> throw damaged(stored);
        };
    }

    private static IllegalStateException damaged(StoredPackage stored) {
        return new IllegalStateException("package " + stored.id() + " was stored although it is malformed");
    }
}
