package cambium.server.repository;

import cambium.formats.PackageDescription;
import cambium.server.http.Call;
import cambium.server.repository.token.RepositoryTokens;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Packages as packagecloud's API shows them: the same keys, types and addresses, since clients read them strictly.
final class PackageJson {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final StoredRepository repository;
    private final String downloads;

    /// `downloads`: the external address of this server, with a read token where the repository is private, since some
    /// clients fetch what they find without any credentials of their own.
    PackageJson(StoredRepository repository, String downloads) {
        this.repository = repository;
        this.downloads = downloads;
    }

    /// For a call of somebody who may read the repository.
    static PackageJson of(Call call, StoredRepository repository, RepositoryTokens tokens) {
        String base = call.baseUrl();
        Optional<String> token = repository.isPrivate() ? tokens.webDownloads(repository.id()) : Optional.empty();
        return new PackageJson(repository, token.map(value -> base.replaceFirst("://", "://" + value + ":@"))
            .orElse(base));
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    /// The short form, as in lists.
    Map<String, Object> fragment(StoredPackage stored) {
        String html = "/" + repository.name();
        String one = PackagePath.of(stored.type()).address(repository.name(), stored);
        String place = "/" + stored.suite().slug() + "/" + PathSegment.of(stored.filename());
        String api = "/api/v1/repos/" + repository.name() + place;
        var json = new LinkedHashMap<String, Object>();
        json.put("name", stored.name());
        json.put("distro_version", stored.suite().slug());
        json.put("created_at", time(stored.uploadedAt()));
        json.put("version", stored.version());
        json.put("release", stored.release().orElse(null));
        json.put("epoch", stored.epoch().isPresent() ? stored.epoch().getAsInt() : null);
        json.put("architecture", stored.architecture().isEmpty() ? null : stored.architecture());
        json.put("scope", null);
        json.put("private", repository.isPrivate());
        json.put("type", stored.type().word());
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
        json.put("download_url", downloads + html + download(stored) + "?distro_version_id="
            + stored.suite().distroVersionId());
        json.put("promote_url", api + "/promote.json");
        json.put("destroy_url", api);
        return json;
    }

    /// The long form. A package that could not be indexed says why under `failure`, a key of our own.
    Map<String, Object> details(StoredPackage stored, long downloads) {
        var json = new LinkedHashMap<>(fragment(stored));
        PackageDescription said = stored.description();
        json.put("repository", repository.name().name());
        json.put("size", Long.toString(stored.sizeBytes()));
        json.put("summary", said.summary());
        json.put("description", said.description());
        json.put("dependencies", said.dependencies().stream().map(PackageJson::dependencies).toList());
        json.put("md5sum", stored.digests().md5());
        json.put("sha1sum", stored.digests().sha1());
        json.put("sha256sum", stored.digests().sha256());
        json.put("sha512sum", stored.digests().sha512());
        json.put("licenses", said.licenses().isEmpty() ? null : said.licenses());
        json.put("repository_url", "/api/v1/repos/" + repository.name());
        json.put("versions_url", PackagePath.of(stored.type()).nameAddress(repository.name(), stored.suite(),
            stored.name(), stored.architecture()) + "/versions.json");
        json.put("total_downloads_count", downloads);
        json.put("self_url", json.get("package_url"));
        stored.failure().ifPresent(reason -> json.put("failure", reason));
        return json;
    }

    /// Of a package that nobody can have downloaded yet.
    Map<String, Object> details(StoredPackage stored) {
        return details(stored, 0);
    }

    /// A name with its versions, as in grouped lists.
    Map<String, Object> group(PackageLists.Group group) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", group.name());
        json.put("versions_count", group.versions());
        json.put("versions_url", PackagePath.of(group.type()).nameAddress(repository.name(), group.suite(),
            group.name(), group.architecture()) + "/versions.json");
        json.put("repository_url", "/api/v1/repos/" + repository.name());
        json.put("repository_html_url", "/" + repository.name());
        return json;
    }

    private static String download(StoredPackage stored) {
        String filename = PathSegment.of(stored.filename());
        return switch (stored.type()) {
            case DEB, DSC, RPM -> "/packages/" + stored.suite().slug() + "/" + filename + "/download."
                + stored.type().word();
            case ANYFILE -> "/packages/anyfile/" + filename + "/download";
        };
    }

    private static Map<String, Object> dependencies(PackageDescription.Dependencies one) {
        var json = new LinkedHashMap<String, Object>();
        json.put("context", one.context());
        json.put("dependencies", one.items());
        return json;
    }
}
