package cambium.formats.rpm;

import java.nio.charset.StandardCharsets;

/// The three indexes of a repodata folder. Each is a head that states the number of packages, one entry for each
/// package ([RpmEntries]), and a tail. Heads and tails hold no blank line.
public enum RpmIndex {
    PRIMARY("primary", "metadata", "common", " xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\""),
    FILELISTS("filelists", "filelists", "filelists", ""),
    OTHER("other", "otherdata", "other", "");

    private final String type;
    private final String root;
    private final String head;

    RpmIndex(String type, String root, String schema, String more) {
        this.type = type;
        this.root = root;
        this.head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root
                + " xmlns=\"http://linux.duke.edu/metadata/" + schema + "\"" + more;
    }

    /// The word for it in repomd.xml and in its file name, e.g. `primary`.
    public String type() {
        return type;
    }

    /// What stands before the entries. Clients may trust the count, so it must be right.
    public byte[] head(long packages) {
        if (packages < 0) {
            throw new IllegalArgumentException("not a number of packages: " + packages);
        }
        return (head + " packages=\"" + packages + "\">\n").getBytes(StandardCharsets.UTF_8);
    }

    /// What stands behind the entries.
    public byte[] tail() {
        return ("</" + root + ">\n").getBytes(StandardCharsets.UTF_8);
    }
}
