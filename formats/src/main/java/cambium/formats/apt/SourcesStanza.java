package cambium.formats.apt;

import cambium.formats.deb.ControlParagraph;
import cambium.formats.deb.ControlParagraph.Field;
import cambium.formats.dsc.SourcePackage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One source package's entry in `Sources`. What it says of the files is measured, never taken from the .dsc.
/// See Debian RepositoryFormat, "Sources Indices".
public final class SourcesStanza {
    private static final Set<String> WRITTEN_HERE = Set.of("source", "package", "directory", "files",
            "checksums-sha1", "checksums-sha256", "checksums-sha512");

    private SourcesStanza() {}

    /// One file of the source package as it is stored.
    public record StoredFile(String name, long sizeBytes, Digests digests) {}

    /// The stanza with the blank line that ends it, in UTF-8; equal arguments give equal bytes.
    ///
    /// @param directory of all the files, below the root that `sources.list` names
    /// @param files the .dsc first, then those that it names
    public static byte[] write(SourcePackage source, String directory, List<StoredFile> files) {
        if (!directory.matches("[a-z0-9][!-~]*") || directory.contains("..") || directory.endsWith("/")) {
            throw new IllegalArgumentException("not a path for Directory: " + directory);
        }
        var names = new LinkedHashSet<String>(List.of(source.fileName()));
        source.files().forEach(file -> names.add(file.name()));
        if (!files.stream().map(StoredFile::name).toList().equals(List.copyOf(names))) {
            throw new IllegalArgumentException("other files than those of " + source.fileName());
        }
        var fields = new ArrayList<Field>();
        fields.add(new Field("Package", source.name()));
        for (Field field : source.control().fields()) {
            if (!WRITTEN_HERE.contains(field.name().toLowerCase(Locale.ROOT))) {
                fields.add(field);
            }
        }
        fields.add(new Field("Directory", directory));
        fields.add(new Field("Files", lines(files, Digests::md5)));
        fields.add(new Field("Checksums-Sha1", lines(files, Digests::sha1)));
        fields.add(new Field("Checksums-Sha256", lines(files, Digests::sha256)));
        return (new String(new ControlParagraph(fields).toBytes(), StandardCharsets.UTF_8) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String lines(List<StoredFile> files, Function<Digests, String> digest) {
        return files.stream().map(file -> "\n " + digest.apply(file.digests()) + " " + file.sizeBytes() + " "
                + file.name()).collect(Collectors.joining());
    }
}
