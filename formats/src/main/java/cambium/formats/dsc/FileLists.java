package cambium.formats.dsc;

import cambium.formats.deb.ControlParagraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The lists of files in a .dsc: `Files` with MD5, and one more for each better digest. All of them name the same
/// files with the same sizes.
final class FileLists {
    private static final int MAX_FILES = 90;
    private static final long MAX_FILE_BYTES = 1L << 37;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+.:,=@~_-]{0,254}");
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,11}");

    private record Line(String digest, long sizeBytes) {}

    private FileLists() {}

    static List<SourceFile> read(ControlParagraph control) throws MalformedDsc {
        DscReader.required(control, "Files");
        Map<String, Line> md5 = list(control, "Files", 32).orElseThrow();
        Optional<Map<String, Line>> sha1 = list(control, "Checksums-Sha1", 40);
        Optional<Map<String, Line>> sha256 = list(control, "Checksums-Sha256", 64);
        checkAgrees(md5, sha1, "Checksums-Sha1");
        checkAgrees(md5, sha256, "Checksums-Sha256");
        var files = new ArrayList<SourceFile>();
        md5.forEach((name, line) -> files.add(new SourceFile(name, line.sizeBytes(), line.digest(),
                sha1.map(list -> list.get(name).digest()), sha256.map(list -> list.get(name).digest()))));
        return files;
    }

    private static void checkAgrees(Map<String, Line> files, Optional<Map<String, Line>> other, String field)
            throws MalformedDsc {
        if (other.isEmpty()) {
            return;
        }
        boolean agree = other.get().keySet().equals(files.keySet()) && files.entrySet().stream()
                .allMatch(file -> other.get().get(file.getKey()).sizeBytes() == file.getValue().sizeBytes());
        if (!agree) {
            throw MalformedDsc.field(field, field + " and Files name other files or sizes");
        }
    }

    private static Optional<Map<String, Line>> list(ControlParagraph control, String field, int digits)
            throws MalformedDsc {
        Optional<String> value = control.get(field);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        var lines = new LinkedHashMap<String, Line>();
        for (String line : value.get().strip().lines().toList()) {
            String[] words = line.strip().split("[ \t]+");
            if (words.length != 3 || !words[0].matches("[0-9a-f]{" + digits + "}") || !SIZE.matcher(words[1]).matches()
                    || !NAME.matcher(words[2]).matches()) {
                throw MalformedDsc.field(field, "each line of " + field + " is a digest, a size and a plain file name");
            }
            long size = Long.parseLong(words[1]);
            if (size > MAX_FILE_BYTES) {
                throw MalformedDsc.field(field, field + " names a file of more than " + MAX_FILE_BYTES + " bytes");
            }
            if (lines.put(words[2], new Line(words[0], size)) != null) {
                throw MalformedDsc.field(field, field + " names " + words[2] + " twice");
            }
        }
        if (lines.size() > MAX_FILES) {
            throw MalformedDsc.field(field, field + " names more than " + MAX_FILES + " files");
        }
        return Optional.of(lines);
    }
}
