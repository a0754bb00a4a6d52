package cambium.server.repository;

import cambium.formats.PackageDescription;
import cambium.formats.PackageDescription.Dependencies;
import cambium.formats.PackageDescription.Fact;
import cambium.formats.PackageType;
import cambium.server.blob.BlobDigests;
import cambium.server.http.Json;
import cambium.server.repository.format.IndexEntry;
import cambium.server.repository.format.PackageFile;
import cambium.server.repository.format.ViewKey;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Record;

/// Packages between their records and their rows.
final class PackageRows {
    /// All that [#stored] needs, of packages `p` in suites `s`.
    static final String COLUMNS = """
        select p.id, p.type, p.filename, p.name, p.epoch, p.version, p.release, p.architecture, p.summary,
            p.description, p.details::text as details, p.uploader, p.uploaded_at, p.state, p.failure,
            s.repository_id, s.distribution, s.codename, s.distro_version_id, s.family,
            (select json_agg(f order by f.position)::text from package_file f where f.package_id = p.id) as files
        from package p join suite s on s.id = p.suite_id\s""";

    private PackageRows() {}

    static StoredPackage stored(Record row) {
        return new StoredPackage(row.get("id", Long.class), Suites.suite(row), description(row),
            files(row.get("files", String.class)), row.get("uploader", String.class),
            row.get("uploaded_at", Instant.class),
            StoredPackage.IndexState.valueOf(row.get("state", String.class).toUpperCase(Locale.ROOT)),
            Optional.ofNullable(row.get("failure", String.class)));
    }

    private static PackageDescription description(Record row) {
        JsonNode details = json(row.get("details", String.class));
        Integer epoch = row.get("epoch", Integer.class);
        String type = row.get("type", String.class);
        return new PackageDescription(
            PackageType.of(type).orElseThrow(() -> new IllegalStateException("a package of an unknown type " + type)),
            row.get("name", String.class), epoch == null ? OptionalInt.empty() : OptionalInt.of(epoch),
            row.get("version", String.class), Optional.ofNullable(row.get("release", String.class)),
            row.get("architecture", String.class), row.get("filename", String.class),
            row.get("summary", String.class), row.get("description", String.class), texts(details.path("licenses")),
            dependencies(details.path("dependencies")), facts(details.path("facts")));
    }

    private static List<Dependencies> dependencies(JsonNode all) {
        var dependencies = new ArrayList<Dependencies>();
        all.forEach(one -> dependencies.add(new Dependencies(one.path("context").asText(), texts(one.path("items")))));
        return dependencies;
    }

    private static List<Fact> facts(JsonNode all) {
        var facts = new ArrayList<Fact>();
        all.forEach(one -> facts.add(new Fact(one.path("name").asText(), one.path("value").asText())));
        return facts;
    }

    private static List<String> texts(JsonNode all) {
        var texts = new ArrayList<String>();
        all.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static List<PackageFile> files(String json) {
        var files = new ArrayList<PackageFile>();
        json(json).forEach(file -> files.add(new PackageFile(file.path("filename").asText(),
            file.path("pool_path").asText(), file.path("size_bytes").longValue(),
            new BlobDigests(file.path("md5").asText(), file.path("sha1").asText(), file.path("sha256").asText(),
                file.path("sha512").asText()))));
        return files;
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    static String details(PackageDescription description) {
        var details = new LinkedHashMap<String, Object>();
        details.put("licenses", description.licenses());
        details.put("dependencies", description.dependencies().stream()
            .map(one -> Map.of("context", one.context(), "items", one.items())).toList());
        details.put("facts", description.facts().stream()
            .map(one -> Map.of("name", one.name(), "value", one.value())).toList());
        return new String(Json.write(details), StandardCharsets.UTF_8);
    }

    /// The files of packages by the package's id, the main one first.
    static Map<Long, List<PackageFile>> files(DSLContext sql, Long[] packageIds) {
        var files = new HashMap<Long, List<PackageFile>>();
        sql.fetch("select * from package_file where package_id = any(?) order by package_id, position",
            (Object) packageIds).forEach(row ->
                files.computeIfAbsent(row.get("package_id", Long.class), _ -> new ArrayList<>()).add(file(row)));
        return files;
    }

    /// A row of `package_file`.
    static PackageFile file(Record row) {
        return new PackageFile(row.get("filename", String.class), row.get("pool_path", String.class),
            row.get("size_bytes", Long.class), new BlobDigests(row.get("md5", String.class),
                row.get("sha1", String.class), row.get("sha256", String.class), row.get("sha512", String.class)));
    }

    /// The entries of packages by the package's id, without those of some kinds.
    static Map<Long, List<IndexEntry>> entries(DSLContext sql, Long[] packageIds, String[] withoutKinds) {
        var entries = new HashMap<Long, List<IndexEntry>>();
        sql.fetch("""
            select * from package_entry where package_id = any(?) and kind <> all(?::text[])
            order by package_id, kind, architecture""", packageIds, withoutKinds).forEach(row ->
                entries.computeIfAbsent(row.get("package_id", Long.class), _ -> new ArrayList<>())
                    .add(new IndexEntry(new ViewKey(row.get("kind", String.class),
                        row.get("architecture", String.class)), row.get("entry", byte[].class))));
        return entries;
    }

    /// Writes new packages of a suite as pending, with files and entries; their ids by file name. A file name that
    /// another transaction was quicker to write is left out.
    static Map<String, Long> insert(DSLContext sql, long suiteId, List<NewPackage> packages, String uploader,
        Instant now) {
        var ids = new HashMap<String, Long>();
        // In an order of their own, so that transactions with the same file names never wait in a circle.
        List<PackageDescription> said = packages.stream().map(NewPackage::description)
            .sorted(Comparator.comparing(PackageDescription::fileName)).toList();
        sql.fetch("""
            insert into package (suite_id, type, filename, name, full_version, epoch, version, release, architecture,
                summary, description, details, uploader, uploaded_at, state)
            select ?, s.type, s.filename, s.name, s.full_version, nullif(s.epoch, '')::integer, s.version, s.release,
                s.architecture, s.summary, s.description, s.details::jsonb, ?, ?::timestamptz, 'pending'
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                ?::text[], ?::text[], ?::text[])
                as s(type, filename, name, full_version, epoch, version, release, architecture, summary, description,
                    details)
            on conflict do nothing returning id, filename""", suiteId, uploader, now,
            texts(said, one -> one.type().word()), texts(said, PackageDescription::fileName),
            texts(said, PackageDescription::name), texts(said, PackageDescription::fullVersion),
            texts(said, one -> one.epoch().isPresent() ? Integer.toString(one.epoch().getAsInt()) : ""),
            texts(said, PackageDescription::version), texts(said, one -> one.release().orElse(null)),
            texts(said, PackageDescription::architecture), texts(said, PackageDescription::summary),
            texts(said, PackageDescription::description), texts(said, PackageRows::details))
            .forEach(row -> ids.put(row.get("filename", String.class), row.get("id", Long.class)));
        List<NewPackage> made = packages.stream().filter(one -> ids.containsKey(one.description().fileName())).toList();
        if (!made.isEmpty()) {
            insertFiles(sql, suiteId, made, ids);
            insertEntries(sql, made, ids);
        }
        return ids;
    }

    /// What is written of a package that is new.
    record NewPackage(PackageDescription description, List<PackageFile> files, List<IndexEntry> entries) {}

    private static <T> String[] texts(List<T> all, Function<T, String> text) {
        return all.stream().map(text).toArray(String[]::new);
    }

    private record FileRow(long packageId, int position, PackageFile file) {}

    private static void insertFiles(DSLContext sql, long suiteId, List<NewPackage> made, Map<String, Long> ids) {
        var rows = new ArrayList<FileRow>();
        made.forEach(one -> {
            for (int position = 0; position < one.files().size(); position++) {
                rows.add(new FileRow(ids.get(one.description().fileName()), position, one.files().get(position)));
            }
        });
        sql.execute("""
            insert into package_file (suite_id, package_id, position, size_bytes, filename, pool_path, sha256, md5,
                sha1, sha512)
            select ?, f.* from unnest(?::bigint[], ?::integer[], ?::bigint[], ?::text[], ?::text[], ?::text[],
                ?::text[], ?::text[], ?::text[]) f""", suiteId,
            rows.stream().map(FileRow::packageId).toArray(Long[]::new),
            rows.stream().map(FileRow::position).toArray(Integer[]::new),
            rows.stream().map(row -> row.file().sizeBytes()).toArray(Long[]::new),
            texts(rows, row -> row.file().filename()), texts(rows, row -> row.file().poolPath()),
            texts(rows, row -> row.file().digests().sha256()), texts(rows, row -> row.file().digests().md5()),
            texts(rows, row -> row.file().digests().sha1()), texts(rows, row -> row.file().digests().sha512()));
    }

    private record EntryRow(long packageId, IndexEntry entry) {}

    private static void insertEntries(DSLContext sql, List<NewPackage> made, Map<String, Long> ids) {
        var rows = new ArrayList<EntryRow>();
        made.forEach(one -> one.entries().forEach(entry ->
            rows.add(new EntryRow(ids.get(one.description().fileName()), entry))));
        if (!rows.isEmpty()) {
            sql.execute("""
                insert into package_entry (package_id, kind, architecture, entry)
                select * from unnest(?::bigint[], ?::text[], ?::text[], ?::bytea[])""",
                rows.stream().map(EntryRow::packageId).toArray(Long[]::new),
                texts(rows, row -> row.entry().view().kind()), texts(rows, row -> row.entry().view().architecture()),
                rows.stream().map(row -> row.entry().bytes()).toArray(byte[][]::new));
        }
    }
}
