package cambium.formats.apt;

import static cambium.formats.testing.Parsing.parsed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.apt.PdiffIndex.Sized;
import cambium.formats.apt.PdiffIndex.Step;
import cambium.formats.apt.SourcesStanza.StoredFile;
import cambium.formats.deb.DebArchive;
import cambium.formats.deb.DebReader;
import cambium.formats.deb.FileListing;
import cambium.formats.deb.FileListing.PackagedFile;
import cambium.formats.dsc.DscReader;
import cambium.formats.dsc.SourcePackage;
import cambium.formats.testing.Shell;
import cambium.formats.testing.TestDeb;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceAndTextIndexesTest {
    private static final Digests DIGESTS = new Digests("1".repeat(32), "2".repeat(40), "3".repeat(64), "4".repeat(128));
    private static final TestDeb LONG = TestDeb.of("hello", "1.0", "all").field("Section", "utils")
            .field("Description", "short words\n the long part,\n .\n  and more \u00e4");

    @Test
    void sourcesSayWhatDpkgScansourcesSays(@TempDir Path folder) throws Exception {
        Shell.run(folder, """
                mkdir -p hello-1.0/debian/source pool
                echo '3.0 (quilt)' > hello-1.0/debian/source/format
                cat > hello-1.0/debian/control <<END
                Source: hello
                Section: utils
                Priority: optional
                Maintainer: T <t@example.org>
                Build-Depends: debhelper-compat (= 13), pkg-config
                Homepage: https://example.org

                Package: hello
                Architecture: any
                Description: greets
                END
                printf 'hello (1:1.0-1) unstable; urgency=low\\n\\n  * First.\\n\\n' > hello-1.0/debian/changelog
                printf ' -- T <t@example.org>  Mon, 02 Nov 2026 03:04:05 +0000\\n' >> hello-1.0/debian/changelog
                printf '#!/usr/bin/make -f\\n' > hello-1.0/debian/rules
                chmod +x hello-1.0/debian/rules
                echo text > hello-1.0/text
                tar czf hello_1.0.orig.tar.gz --exclude=debian hello-1.0
                dpkg-source --build hello-1.0 > log 2>&1
                mv hello_* pool
                dpkg-scansources pool > scanned 2>/dev/null
                """);
        SourcePackage source;
        try (var in = Files.newInputStream(folder.resolve("pool/hello_1.0-1.dsc"))) {
            source = parsed(DscReader.read(in));
        }
        var names = new ArrayList<>(List.of(source.fileName()));
        source.files().forEach(file -> names.add(file.name()));
        var files = new ArrayList<StoredFile>();
        for (String name : names) {
            byte[] bytes = Files.readAllBytes(folder.resolve("pool").resolve(name));
            files.add(new StoredFile(name, bytes.length, new Digests(hex("MD5", bytes), hex("SHA-1", bytes),
                    hex("SHA-256", bytes), hex("SHA-512", bytes))));
        }
        var ours = fields(new String(SourcesStanza.write(source, "pool", files), UTF_8));
        var theirs = fields(Files.readString(folder.resolve("scanned")));
        // dpkg-scansources guesses these from an override file and the first binary package.
        theirs.keySet().removeAll(List.of("Priority", "Section"));
        assertEquals(theirs, ours);
        assertThrows(IllegalArgumentException.class, () -> SourcesStanza.write(source, "pool", List.of()));
        assertThrows(IllegalArgumentException.class, () -> SourcesStanza.write(source, "../pool", files));
    }

    @Test
    void briefStanzasAndTranslationsAreThoseOfAptFtparchive(@TempDir Path folder) throws IOException {
        Files.createDirectory(folder.resolve("pool"));
        Files.write(folder.resolve("pool/hello_1.0_all.deb"), LONG.build());
        Shell.run(folder, "apt-ftparchive -o APT::FTPArchive::LongDescription=false packages pool > Packages");
        var theirs = fields(Files.readString(folder.resolve("Packages")));
        byte[] stanza = PackagesStanza.write(archive(LONG).deb(), "pool/x.deb", 1, DIGESTS);
        var brief = fields(new String(PackagesStanza.brief(stanza), UTF_8));
        assertTrue(new String(PackagesStanza.brief(stanza), UTF_8).endsWith("\n\n"));
        assertEquals("short words", brief.get("Description"));
        assertEquals(theirs.get("Description-md5"), brief.get("Description-md5"));
        String translation = new String(TranslationStanza.of(stanza).orElseThrow(), UTF_8);
        assertEquals("Package: hello\nDescription-md5: " + theirs.get("Description-md5") + "\nDescription-en: "
                + "short words\n the long part,\n .\n  and more \u00e4\n\n", translation);
    }

    @Test
    void aShortDescriptionStaysWhereItIs() throws IOException {
        for (TestDeb recipe : List.of(TestDeb.of("hello", "1.0", "all"),
                TestDeb.of("hello", "1.0", "all").without("Description"))) {
            byte[] stanza = PackagesStanza.write(archive(recipe).deb(), "pool/x.deb", 1, DIGESTS);
            assertTrue(TranslationStanza.of(stanza).isEmpty());
            assertEquals(new String(stanza, UTF_8), new String(PackagesStanza.brief(stanza), UTF_8));
        }
    }

    @Test
    void contentsNameThePackageOfEachFile(@TempDir Path folder) throws IOException {
        var recipe = LONG.file("usr/bin/hello", "x").file("etc/a file", "y");
        Files.createDirectory(folder.resolve("pool"));
        Files.write(folder.resolve("pool/hello_1.0_all.deb"), recipe.build());
        var theirs = Shell.run(folder, "apt-ftparchive contents pool | tr -s ' \\t' ' '");
        DebArchive read = archive(recipe);
        var files = ((FileListing.Listed) read.files()).files();
        String text = new String(ContentsStanza.write(read.deb(), files), UTF_8);
        assertTrue(text.endsWith("\n\n"));
        assertEquals(new TreeSet<>(theirs), new TreeSet<>(text.strip().lines()
                .map(line -> line.replaceAll(" +", " ").replace("utils/", "")).toList()));
    }

    @Test
    void contentsOfManyFilesAreCutIntoStanzasAndLeaveOutWhatCannotBeWritten() throws IOException {
        var deb = archive(LONG).deb();
        var files = new ArrayList<PackagedFile>();
        for (int i = 0; i < 30_000; i++) {
            files.add(new PackagedFile("usr/share/doc/" + i, 1));
        }
        files.add(new PackagedFile("usr/line\nbreak", 1));
        String text = new String(ContentsStanza.write(deb, files), UTF_8);
        String[] stanzas = text.split("\n\n");
        assertEquals(30_000, Arrays.stream(stanzas).mapToLong(stanza -> stanza.lines().count()).sum());
        assertTrue(Arrays.stream(stanzas).allMatch(stanza -> stanza.length() <= 512 * 1024));
        assertEquals(0, ContentsStanza.write(deb, List.of()).length);
    }

    @Test
    void theIndexOfPatchesListsEachStepThreeTimes() {
        var first = new Step("1", new Sized("a".repeat(64), 10), new Sized("b".repeat(64), 3),
                new Sized("c".repeat(64), 23));
        var second = new Step("2", new Sized("d".repeat(64), 11), new Sized("e".repeat(64), 4),
                new Sized("f".repeat(64), 24));
        String text = new String(PdiffIndex.write(new Sized("9".repeat(64), 12), List.of(first, second)), UTF_8);
        assertEquals("SHA256-Current: " + "9".repeat(64) + " 12\n"
                + "SHA256-History:\n " + "a".repeat(64) + " 10 1\n " + "d".repeat(64) + " 11 2\n"
                + "SHA256-Patches:\n " + "b".repeat(64) + " 3 1\n " + "e".repeat(64) + " 4 2\n"
                + "SHA256-Download:\n " + "c".repeat(64) + " 23 1.gz\n " + "f".repeat(64) + " 24 2.gz\n", text);
        assertThrows(IllegalArgumentException.class, () -> PdiffIndex.write(new Sized("9".repeat(64), 1), List.of()));
        assertThrows(IllegalArgumentException.class,
                () -> new Step("../x", first.from(), first.patch(), first.download()));
    }

    private static DebArchive archive(TestDeb recipe) throws IOException {
        return parsed(DebReader.readWhole(new ByteArrayInputStream(recipe.build())));
    }

    private static TreeMap<String, String> fields(String stanza) {
        var fields = new TreeMap<String, String>();
        for (String field : stanza.strip().split("\n(?! )")) {
            fields.put(field.substring(0, field.indexOf(':')), field.substring(field.indexOf(':') + 1).strip());
        }
        return fields;
    }

    private static String hex(String algorithm, byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }
}
