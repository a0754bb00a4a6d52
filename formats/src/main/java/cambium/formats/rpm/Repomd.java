package cambium.formats.rpm;

import java.util.HashSet;
import java.util.List;

/// `repomd.xml`, the only mutable file of a repodata folder and the one that gets signed.
public final class Repomd {
    private Repomd() {}

    /// The bytes of the file, indexes in the order of the list.
    ///
    /// @param revision never goes back for one folder; clients compare it as a number
    public static byte[] write(long revision, List<RepomdFile> files) {
        if (revision < 0) {
            throw new IllegalArgumentException("negative revision " + revision);
        }
        var xml = new XmlText().raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .raw("<repomd xmlns=\"http://linux.duke.edu/metadata/repo\""
                        + " xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\">\n")
                .element("  ", "revision", Long.toString(revision));
        var seen = new HashSet<RpmIndex>();
        for (RepomdFile file : files) {
            if (!seen.add(file.index())) {
                throw new IllegalArgumentException("listed twice in repomd.xml: " + file.index());
            }
            write(xml, file);
        }
        return xml.raw("</repomd>\n").toBytes();
    }

    private static void write(XmlText xml, RepomdFile file) {
        xml.raw("  <data type=\"" + file.index().type() + "\">\n").raw(checksum("checksum", file.sha256()));
        file.open().ifPresent(open -> xml.raw(checksum("open-checksum", open.sha256())));
        xml.raw("    <location").attribute("href", file.location()).raw("/>\n")
                .element("    ", "timestamp", Long.toString(file.timestamp()))
                .element("    ", "size", Long.toString(file.size()));
        file.open().ifPresent(open -> xml.element("    ", "open-size", Long.toString(open.size())));
        xml.raw("  </data>\n");
    }

    private static String checksum(String element, String sha256) {
        return "    <" + element + " type=\"sha256\">" + sha256 + "</" + element + ">\n";
    }
}
