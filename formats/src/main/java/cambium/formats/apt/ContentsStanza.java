package cambium.formats.apt;

import cambium.formats.deb.DebPackage;
import cambium.formats.deb.FileListing.PackagedFile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One package's lines in `Contents`: a path, blanks, and the package after its section. Clients search the file line
/// by line, so lines stand in the order of admission, and a blank line after those of each package does no harm.
/// See Debian RepositoryFormat, "Contents Indices".
public final class ContentsStanza {
    private static final int MAX_STANZA_BYTES = 512 * 1024;

    private ContentsStanza() {}

    /// The lines of all files, every 512 KiB of them and the last ended by a blank line; no bytes for no files. Names
    /// that hold a line break, or start or end with a blank, cannot be written in this format and are left out.
    public static byte[] write(DebPackage deb, List<PackagedFile> files) {
        String location = deb.control().get("Section").filter(section -> section.matches("[!-+.-~]{1,100}"))
                .map(section -> section + "/").orElse("") + deb.name();
        var out = new ByteArrayOutputStream();
        int stanza = 0;
        for (PackagedFile file : files) {
            if (file.path().chars().anyMatch(Character::isISOControl) || !file.path().equals(file.path().strip())) {
                continue;
            }
            byte[] line = (file.path() + " ".repeat(Math.max(1, 56 - file.path().length())) + location + "\n")
                    .getBytes(StandardCharsets.UTF_8);
            if (stanza > 0 && stanza + line.length > MAX_STANZA_BYTES) {
                out.write('\n');
                stanza = 0;
            }
            out.writeBytes(line);
            stanza += line.length;
        }
        if (stanza > 0) {
            out.write('\n');
        }
        return out.toByteArray();
    }
}
