package cambium.formats.dsc;

import static cambium.formats.testing.Parsing.parsed;
import static cambium.formats.testing.Parsing.refused;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.PackageDescription;
import cambium.formats.PackageDescription.Dependencies;
import cambium.formats.ParseResult;
import cambium.formats.testing.Mutation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DscReaderTest {
    private static final long SEED = 20261122;
    private static final String MD5 = "0123456789abcdef0123456789abcdef";
    private static final String SHA256 = MD5 + MD5;
    static final String FILES = "Checksums-Sha1:\n " + MD5 + "01234567 10 hello_1.0.orig.tar.gz\n " + MD5
            + "01234567 20 hello_1.0-1.debian.tar.xz\nChecksums-Sha256:\n " + SHA256 + " 10 hello_1.0.orig.tar.gz\n "
            + SHA256 + " 20 hello_1.0-1.debian.tar.xz\nFiles:\n " + MD5 + " 10 hello_1.0.orig.tar.gz\n " + MD5
            + " 20 hello_1.0-1.debian.tar.xz\n";
    static final String HEAD = "Format: 3.0 (quilt)\nSource: hello\nBinary: hello, hello-doc\n"
            + "Architecture: any all\nVersion: 1:1.0-1\nMaintainer: T <t@example.org>\n"
            + "Build-Depends: debhelper (>= 9),\n libx-dev [amd64]\nBuild-Depends-Indep: texlive\n"
            + "Package-List:\n hello deb utils optional arch=any\n";

    @Test
    void readsFilesAndRelations() throws IOException {
        SourcePackage source = parsed(read(HEAD + FILES));
        assertEquals("hello_1.0-1.dsc", source.fileName());
        assertEquals(List.of(new SourceFile("hello_1.0.orig.tar.gz", 10, MD5, Optional.of(MD5 + "01234567"),
                Optional.of(SHA256)), new SourceFile("hello_1.0-1.debian.tar.xz", 20, MD5,
                Optional.of(MD5 + "01234567"), Optional.of(SHA256))), source.files());
        PackageDescription described = SourceDescription.of(source);
        assertEquals("1:1.0-1", described.fullVersion());
        assertEquals("any all", described.architecture());
        assertEquals("source of hello, hello-doc", described.summary());
        assertEquals(List.of(new Dependencies("build-depends", List.of("debhelper (>= 9)", "libx-dev [amd64]")),
                new Dependencies("build-depends-indep", List.of("texlive"))), described.dependencies());
    }

    @Test
    void readsTheSameThroughASignature() throws IOException {
        assertEquals(parsed(read(HEAD + FILES)), parsed(read(signed(HEAD + FILES))));
        assertTrue(DscReader.recognises(signed(HEAD).getBytes(UTF_8)));
        assertTrue(DscReader.recognises((HEAD + FILES).getBytes(UTF_8)));
        assertFalse(DscReader.recognises("!<arch>\ndebian-binary".getBytes(UTF_8)));
        assertFalse(DscReader.recognises(new byte[] {(byte) 0xed, (byte) 0xab, (byte) 0xee, (byte) 0xdb}));
    }

    @Test
    void readsOldSourcesWithMd5Alone() throws IOException {
        SourcePackage source = parsed(read("Format: 1.0\nSource: old\nArchitecture: any\nVersion: 1\nFiles:\n "
                + MD5 + " 10 old_1.tar.gz\n"));
        assertEquals(Optional.empty(), source.files().getFirst().sha256());
    }

    record Hostile(String name, String dsc, String field) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Hostile> catalogue() {
        return Stream.of(texts(), fields(), lists(), signatures()).flatMap(group -> group);
    }

    private static Stream<Hostile> texts() {
        return Stream.of(new Hostile("empty", "", ""), new Hostile("NUL", HEAD + "X: \0\n" + FILES, "X"),
                new Hostile("not UTF-8", HEAD + "X: \u00ff\n" + FILES, ""),
                new Hostile("carriage returns", (HEAD + FILES).replace("\n", "\r\n"), ""),
                new Hostile("second paragraph", HEAD + FILES + "\nPackage: evil\n", ""),
                new Hostile("2 MiB", HEAD + "X: " + "y".repeat(2 << 20) + "\n" + FILES, ""),
                new Hostile("no line feed at the end", HEAD + FILES + "X: y", ""));
    }

    private static Stream<Hostile> fields() {
        return Stream.of(new Hostile("no Files", HEAD, "Files"),
                new Hostile("no Format", (HEAD + FILES).replace("Format: 3.0 (quilt)\n", ""), "Format"),
                new Hostile("Format that is none", (HEAD + FILES).replace("3.0 (quilt)", "3.0 (../x)"), "Format"),
                new Hostile("Source upwards", (HEAD + FILES).replace("Source: hello", "Source: ../x"), "Source"),
                new Hostile("Source missing", (HEAD + FILES).replace("Source: hello\n", ""), "Source"),
                new Hostile("Version broken", (HEAD + FILES).replace("1:1.0-1", "1:2:3"), "Version"),
                new Hostile("Architecture broken", (HEAD + FILES).replace("any all", "any/all"), "Architecture"),
                new Hostile("Directory injected", HEAD + "Directory: pool/evil\n" + FILES, "Directory"),
                new Hostile("Package injected", HEAD + "package: evil\n" + FILES, "Package"),
                new Hostile("field twice", HEAD + "source: evil\n" + FILES, "source"));
    }

    private static Stream<Hostile> lists() {
        String many = IntStream.range(0, 300).mapToObj(i -> " " + MD5 + " 1 f" + i + "\n")
                .collect(Collectors.joining());
        return Stream.of(file("../x", 10), file("a/b", 10), file("", 10), file("..", 10), file(".hidden", 10),
                file("a\u00e4", 10), file("x y", 10), file("x".repeat(300), 10), file("a", -1), file("a", 1L << 40),
                new Hostile("size with a plus", HEAD + "Files:\n " + MD5 + " +1 a\n", "Files"),
                new Hostile("digest in upper case", HEAD + "Files:\n " + MD5.toUpperCase() + " 1 a\n", "Files"),
                new Hostile("digest too short", HEAD + "Files:\n 0123 1 a\n", "Files"),
                new Hostile("file twice", HEAD + "Files:\n " + (MD5 + " 1 a\n ").repeat(2) + MD5 + " 1 b\n", "Files"),
                new Hostile("the .dsc itself", HEAD + "Files:\n " + MD5 + " 1 hello_1.0-1.dsc\n", "Files"),
                new Hostile("300 files", HEAD + "Files:\n" + many, "Files"),
                new Hostile("lists of other files", HEAD + FILES.replace(SHA256 + " 10 hello_1.0.orig.tar.gz",
                        SHA256 + " 10 other"), "Checksums-Sha256"),
                new Hostile("lists of other sizes", HEAD + FILES.replace(MD5 + "01234567 20", MD5 + "01234567 21"),
                        "Checksums-Sha1"),
                new Hostile("list that is shorter", HEAD + FILES.replace(
                        " " + SHA256 + " 10 hello_1.0.orig.tar.gz\n", ""), "Checksums-Sha256"));
    }

    private static Stream<Hostile> signatures() {
        String good = signed(HEAD + FILES);
        return Stream.of(new Hostile("fields before the message", "X: y\n" + good, ""),
                new Hostile("fields behind the signature", good + "Source: evil\n", ""),
                new Hostile("fields inside the signature", good.replace("AAAA\n", "AAAA\nSo-urce: evil\n"), ""),
                new Hostile("no signature", good.substring(0, good.indexOf("-----BEGIN PGP SIG")), ""),
                new Hostile("signature without an end", good.substring(0, good.indexOf("-----END")), ""),
                new Hostile("unknown header", good.replace("Hash: ", "Charset: x\nHash: "), ""),
                new Hostile("unescaped dash", signed(HEAD + FILES).replace("Maintainer:", "-X:"), ""),
                new Hostile("other armor", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n", ""),
                new Hostile("header alone", "-----BEGIN PGP SIGNED MESSAGE-----\n", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("catalogue")
    void refusesWithAReasonAndTheField(Hostile hostile) throws IOException {
        byte[] bytes = hostile.dsc().getBytes(hostile.name().equals("not UTF-8") ? ISO_8859_1 : UTF_8);
        ParseResult.Malformed<SourcePackage> refused = refused(DscReader.read(new ByteArrayInputStream(bytes)));
        assertEquals("dsc_malformed", refused.code());
        assertEquals(hostile.field(), refused.field().orElse(""), refused.reason());
        assertTrue(refused.reason().matches("[ -~]{10,200}"), refused.reason());
    }

    @Test
    void damagedOnesAreUnderstoodOrRefusedAndNothingElse() throws IOException {
        var random = new Random(SEED);
        int understood = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] good = (random.nextBoolean() ? signed(HEAD + FILES) : HEAD + FILES).getBytes(UTF_8);
            try {
                var result = DscReader.read(new ByteArrayInputStream(Mutation.of(good, random)));
                if (result instanceof ParseResult.Parsed<SourcePackage>(var source)) {
                    understood++;
                    SourceDescription.of(source);
                    assertTrue(source.files().stream().noneMatch(file -> file.name().contains("/")));
                }
            } catch (RuntimeException broken) {
                throw new AssertionError("mutant " + i + " of seed " + SEED, broken);
            }
        }
        assertTrue(understood > 1_000, understood + " of 20000");
    }

    static String signed(String text) {
        return "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n" + text
                + "\n-----BEGIN PGP SIGNATURE-----\n\niQIzBAEB\nAAAA\n=abcd\n-----END PGP SIGNATURE-----\n";
    }

    private static Hostile file(String name, long size) {
        return new Hostile("file '" + (name.length() > 20 ? "of " + name.length() : name) + "' of " + size,
                HEAD + "Files:\n " + MD5 + " " + size + " " + name + "\n", "Files");
    }

    private static ParseResult<SourcePackage> read(String dsc) throws IOException {
        return DscReader.read(new ByteArrayInputStream(dsc.getBytes(UTF_8)));
    }
}
