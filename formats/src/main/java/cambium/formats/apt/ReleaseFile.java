package cambium.formats.apt;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The top index that gets signed: which repository this is, and the digests of all its indexes.
///
/// SHA256 is the only digest: every apt since 1.1 takes it alone. `Acquire-By-Hash` lets clients fetch an index by
/// its digest, so that a swap between two requests cannot hurt them. See Debian RepositoryFormat, "Release files".
public final class ReleaseFile {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final List<String> COMPRESSED = List.of(".gz", ".xz");

    private ReleaseFile() {}

    /// The bytes of the file, entries sorted by path. The order of `entries` does not matter; no path may occur
    /// twice, and every compressed index must be accompanied by its raw one: apt silently ignores it otherwise,
    /// though the raw file itself need never be fetched.
    public static byte[] write(ReleaseFields fields, List<ReleaseEntry> entries) {
        checkPaths(entries);
        var text = new StringBuilder();
        line(text, "Origin", fields.origin());
        line(text, "Label", fields.label());
        line(text, "Suite", fields.suite());
        line(text, "Version", "1");
        line(text, "Codename", fields.codename());
        line(text, "Date", DATE.format(fields.date()));
        fields.validUntil().ifPresent(until -> line(text, "Valid-Until", DATE.format(until)));
        line(text, "Architectures", String.join(" ", fields.architectures()));
        line(text, "Components", String.join(" ", fields.components()));
        line(text, "Acquire-By-Hash", "yes");
        text.append("SHA256:\n");
        for (ReleaseEntry entry : entries.stream().sorted(Comparator.comparing(ReleaseEntry::path)).toList()) {
            text.append(' ').append(entry.sha256()).append(' ').append(entry.size()).append(' ')
                    .append(entry.path()).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder text, String field, String value) {
        text.append(field).append(": ").append(value).append('\n');
    }

    private static void checkPaths(List<ReleaseEntry> entries) {
        Set<String> paths = new TreeSet<>();
        for (ReleaseEntry entry : entries) {
            if (!paths.add(entry.path())) {
                throw new IllegalArgumentException("listed twice in a Release file: " + entry.path());
            }
        }
        for (String path : paths) {
            for (String suffix : COMPRESSED) {
                if (path.endsWith(suffix) && !paths.contains(path.substring(0, path.length() - suffix.length()))) {
                    throw new IllegalArgumentException("listed without its raw index, which apt needs: " + path);
                }
            }
        }
    }
}
