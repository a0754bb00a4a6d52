package cambium.formats.apt;

import cambium.formats.deb.ControlParagraph;
import cambium.formats.deb.ControlParagraph.Field;
import cambium.formats.deb.DebPackage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One package's entry in `Packages`: its own fields, then where its file is and what that file's digests are.
///
/// The description stands in it whole, as most repositories but Debian's own have it: every reader of `Packages` then
/// sees it, with or without translations. The brief form leaves its long part to [TranslationStanza].
///
/// The fields that the repository owns come from the arguments only; a package that carries them is refused by
/// the reader, and they would be dropped here all the same. See Debian RepositoryFormat, "Packages Indices".
public final class PackagesStanza {
    /// `Description-md5` is ours to compute; while the whole description stands in the stanza there is none.
    private static final List<String> SERVER_OWNED =
            List.of("filename", "size", "md5sum", "sha1", "sha256", "sha512", "description-md5");

    private static final String DESCRIPTION = "\nDescription: ";

    private PackagesStanza() {}

    /// The stanza with the blank line that ends it, in UTF-8; equal arguments give equal bytes.
    ///
    /// @param filename the path of the file below the root that `sources.list` names, e.g. from [PoolPath]
    /// @param size of the file, in bytes
    public static byte[] write(DebPackage deb, String filename, long size, Digests digests) {
        if (!filename.matches("[!-~]+") || filename.startsWith("/") || filename.contains("..")) {
            throw new IllegalArgumentException("not a path for Filename: " + filename);
        }
        if (size < 0) {
            throw new IllegalArgumentException("negative size " + size);
        }
        var fields = new ArrayList<Field>();
        fields.add(new Field("Package", deb.name()));
        for (Field field : deb.control().fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!SERVER_OWNED.contains(name) && !name.equals("package") && !name.equals("description")) {
                fields.add(field);
            }
        }
        fields.add(new Field("Filename", filename));
        fields.add(new Field("Size", Long.toString(size)));
        fields.add(new Field("MD5sum", digests.md5()));
        fields.add(new Field("SHA1", digests.sha1()));
        fields.add(new Field("SHA256", digests.sha256()));
        fields.add(new Field("SHA512", digests.sha512()));
        deb.control().get("Description").ifPresent(text -> fields.add(new Field("Description", text)));
        return (new String(new ControlParagraph(fields).toBytes(), StandardCharsets.UTF_8) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /// A stanza written here with only the first line of its description, and the digest by which clients find the
    /// rest; the stanza itself where there is no more than one line.
    public static byte[] brief(byte[] stanza) {
        String text = new String(stanza, StandardCharsets.UTF_8);
        return longDescription(text).map(whole -> (text.substring(0, text.length() - whole.length() - 2)
                + whole.substring(0, whole.indexOf('\n')) + "\nDescription-md5: " + TranslationStanza.digest(whole)
                + "\n\n").getBytes(StandardCharsets.UTF_8)).orElse(stanza);
    }

    /// The description of a stanza written here, which is its last field, when it has more than its first line.
    static Optional<String> longDescription(String stanza) {
        int field = stanza.indexOf(DESCRIPTION);
        return field < 0 ? Optional.empty()
                : Optional.of(stanza.substring(field + DESCRIPTION.length(), stanza.length() - 2))
                        .filter(text -> text.indexOf('\n') > 0);
    }
}
