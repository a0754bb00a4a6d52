package cambium.formats.apt;

import static cambium.formats.testing.Parsing.parsed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.deb.ControlParagraph;
import cambium.formats.deb.ControlParagraph.Field;
import cambium.formats.deb.DebPackage;
import cambium.formats.deb.DebVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AptFilesTest {
    private static final Digests DIGESTS = new Digests("1".repeat(32), "2".repeat(40), "3".repeat(64), "4".repeat(128));
    private static final ReleaseFields FIELDS = new ReleaseFields("packages.example.org/acme/shop", "shop", "bookworm",
            "bookworm", Instant.parse("2026-01-02T03:04:05.678Z"), List.of("amd64"), List.of("main"));

    @Test
    void poolPathsUseTheFirstLetterOrFourOfALibrary() {
        assertEquals("pool/bookworm/main/h/hello/hello_1.0-1_amd64.deb", pool("hello", "2:1.0-1", "amd64"));
        assertEquals("pool/bookworm/main/libs/libssl3/libssl3_1_all.deb", pool("libssl3", "1", "all"));
        assertEquals("pool/bookworm/main/l/lib/lib_1_all.deb", pool("lib", "1", "all"));
        assertEquals("pool/bookworm/main/0/0ad/0ad_1~rc+x_all.deb", pool("0ad", "1~rc+x", "all"));
    }

    @Test
    void poolPathsTakeNoCodenameThatWouldLeaveThePool() {
        for (String codename : List.of("..", "a/b", "", "A", ".", "a b")) {
            assertThrows(IllegalArgumentException.class, () -> PoolPath.of(codename, "main", deb("a1", "1", "all")));
        }
    }

    /// A package built in memory is not refused by the reader, yet cannot override what we measured.
    @Test
    void serverOwnedFieldsOfAPackageAreNeverCopied() {
        var fields = new ArrayList<>(deb("hello", "1.0", "all").control().fields());
        for (String owned : List.of("filename", "Size", "MD5Sum", "SHA1", "sha256", "SHA512", "Description-md5")) {
            fields.add(new Field(owned, "evil"));
        }
        var deb = new DebPackage("hello", new DebVersion("1.0"), "all", new ControlParagraph(fields));
        String stanza = new String(PackagesStanza.write(deb, "pool/x.deb", 5, DIGESTS), UTF_8);
        assertFalse(stanza.contains("evil"), stanza);
        assertTrue(stanza.contains("\nFilename: pool/x.deb\nSize: 5\nMD5sum: 1"), stanza);
    }

    @Test
    void refusesPathsAndDigestsThatAreNone() {
        var deb = deb("hello", "1.0", "all");
        for (String path : List.of("", "/x", "a/../b", "a b", "a\nb", "\u00e4")) {
            assertThrows(IllegalArgumentException.class, () -> PackagesStanza.write(deb, path, 1, DIGESTS), path);
        }
        assertThrows(IllegalArgumentException.class, () -> PackagesStanza.write(deb, "x", -1, DIGESTS));
        assertThrows(IllegalArgumentException.class,
                () -> new Digests("A".repeat(32), "2".repeat(40), "3".repeat(64), "4".repeat(128)));
    }

    @Test
    void releaseBytesDoNotDependOnTheOrderOfEntries() {
        var raw = new ReleaseEntry("main/binary-amd64/Packages", 0, "0".repeat(64));
        var gz = new ReleaseEntry("main/binary-amd64/Packages.gz", 20, "1".repeat(64));
        assertEquals(new String(ReleaseFile.write(FIELDS, List.of(raw, gz)), UTF_8),
                new String(ReleaseFile.write(FIELDS, List.of(gz, raw)), UTF_8));
    }

    /// apt shows no packages at all, without a word, when the raw index is not listed.
    @Test
    void releaseRefusesACompressedIndexWithoutItsRawOne() {
        for (String suffix : List.of(".gz", ".xz")) {
            var alone = new ReleaseEntry("main/binary-amd64/Packages" + suffix, 20, "1".repeat(64));
            assertThrows(IllegalArgumentException.class, () -> ReleaseFile.write(FIELDS, List.of(alone)));
        }
        var raw = new ReleaseEntry("main/binary-amd64/Packages", 0, "0".repeat(64));
        assertThrows(IllegalArgumentException.class, () -> ReleaseFile.write(FIELDS, List.of(raw, raw)));
    }

    @Test
    void releaseRefusesWordsThatWouldBreakOutOfTheirLine() {
        for (String word : List.of("", "a b", "a\nSHA256:", "\u00e4")) {
            assertThrows(IllegalArgumentException.class, () -> new ReleaseFields(word, "l", "s", "c", Instant.EPOCH,
                    List.of("amd64"), List.of("main")), word);
            assertThrows(IllegalArgumentException.class, () -> new ReleaseFields("o", "l", "s", "c", Instant.EPOCH,
                    List.of(word), List.of("main")), word);
        }
    }

    private static String pool(String name, String version, String architecture) {
        return PoolPath.of("bookworm", "main", deb(name, version, architecture));
    }

    private static DebPackage deb(String name, String version, String architecture) {
        String control = "Package: " + name + "\nVersion: " + version + "\nArchitecture: " + architecture + "\n";
        return parsed(DebPackage.of(parsed(ControlParagraph.parse(control.getBytes(UTF_8)))));
    }
}
