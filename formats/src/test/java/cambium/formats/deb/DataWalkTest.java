package cambium.formats.deb;

import static cambium.formats.deb.HostileDeb.goodTar;
import static cambium.formats.testing.Parsing.parsed;
import static cambium.formats.testing.Parsing.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import cambium.formats.PackageDescription;
import cambium.formats.PackageDescription.Dependencies;
import cambium.formats.PackageDescription.Fact;
import cambium.formats.ParseResult;
import cambium.formats.deb.FileListing.PackagedFile;
import cambium.formats.testing.ArBytes;
import cambium.formats.testing.Packing;
import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.Shell;
import cambium.formats.testing.TarBytes;
import cambium.formats.testing.TestDeb;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataWalkTest {
    @ParameterizedTest
    @ValueSource(strings = {"-Znone", "-Zgzip", "-Zxz", "-Zxz -z9", "-Zzstd"})
    void listsWhatDpkgDebLists(String options, @TempDir Path folder) throws IOException {
        List<String> listed = Shell.run(folder, """
                umask 022
                mkdir -p tree/DEBIAN tree/usr/share/doc/built tree/usr/lib/%1$s tree/etc
                printf 'Package: built\\nVersion: 1\\nArchitecture: all\\nMaintainer: T <t@example.org>\\n' \
                    > tree/DEBIAN/control
                printf 'Description: one\\n' >> tree/DEBIAN/control
                printf '/etc/built.conf\\n' > tree/DEBIAN/conffiles
                echo x > tree/etc/built.conf
                printf 'Format: https://example.org\\nLicense: MIT\\n\\nFiles: x\\nLicense: GPL-2+\\n text\\n' \
                    > tree/usr/share/doc/built/copyright
                seq 1 1000 > tree/usr/share/numbers
                echo y > "tree/usr/lib/%1$s/$(printf '%%0200d' 1)"
                ln -s /anywhere/at/all tree/usr/share/link
                ln tree/usr/share/numbers tree/usr/share/zweites
                mkfifo tree/usr/share/pipe
                echo z > 'tree/usr/share/with blank'
                dpkg-deb --root-owner-group %2$s --build tree built.deb > log
                dpkg-deb --fsys-tarfile built.deb | tar tf - | grep -v '/$'
                """.formatted("long".repeat(30), options));
        try (var in = Files.newInputStream(folder.resolve("built.deb"))) {
            DebArchive read = parsed(DebReader.readWhole(in));
            var files = assertInstanceOf(FileListing.Listed.class, read.files()).files();
            assertEquals(new TreeSet<>(listed), new TreeSet<>(files.stream().map(file -> "./" + file.path()).toList()));
            assertEquals(8, files.size());
            assertEquals(List.of("/etc/built.conf"), read.conffiles());
            assertEquals(List.of("MIT", "GPL-2+"), DebDescription.of(read).licenses());
        }
    }

    @ParameterizedTest
    @EnumSource(Packing.class)
    void knowsSizesAndTakesPathsHoweverTheyAreWritten(Packing packing) throws IOException {
        byte[] tar = new TarBytes().folder("./").file("./usr/a", "four").file("/usr/b", "").file("usr//c", "x")
                .file("./usr/a", "again").pax("path", "./usr/longer").file("./short", "yy")
                .entry("x", 'g', new byte[0])
                .entry("././@LongLink", 'L', ("./" + "n".repeat(300) + "\0").getBytes(UTF_8))
                .file("./nnn", "z").entry("./link", '2', new byte[0]).toBytes();
        assertEquals(List.of(new PackagedFile("usr/a", 4), new PackagedFile("usr/b", 0), new PackagedFile("usr/c", 1),
                new PackagedFile("usr/longer", 2), new PackagedFile("n".repeat(300), 1), new PackagedFile("link", 0)),
                listed(deb("data.tar" + packing.suffix(), packing.pack(tar))));
    }

    @Test
    void readsTheBzip2OfOldPackages() throws IOException {
        byte[] tar = new TarBytes().file("./a", "x".repeat(100_000)).file("./b", new byte[3_000_000]).toBytes();
        assertEquals(List.of(new PackagedFile("a", 100_000), new PackagedFile("b", 3_000_000)),
                listed(deb("data.tar.bz2", RpmPacking.BZ2.pack(tar))));
    }

    @Test
    void readsTheLzmaOfOldPackages(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("data.tar"), new TarBytes().file("./a", "x".repeat(100_000)).toBytes());
        Shell.run(folder, "xz --format=lzma data.tar");
        assertEquals(List.of(new PackagedFile("a", 100_000)),
                listed(deb("data.tar.lzma", Files.readAllBytes(folder.resolve("data.tar.lzma")))));
    }

    /// As bzip2 before 0.9.5 could pack: the bit behind the first block's checksum.
    private static byte[] randomised(byte[] bzip2) {
        bzip2[14] |= (byte) 0x80;
        return bzip2;
    }

    record Odd(String name, byte[] deb) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Odd> acceptedUnlisted() {
        byte[] tar = new TarBytes().file("./a", "x").toBytes();
        byte[] twice = joined(Packing.GZ.pack(tar), Packing.GZ.pack(tar));
        return Stream.of(new Odd("two bzip2 streams", deb("data.tar.bz2",
                        joined(RpmPacking.BZ2.pack(tar), RpmPacking.BZ2.pack(tar)))),
                new Odd("randomised bzip2", deb("data.tar.bz2", randomised(RpmPacking.BZ2.pack(tar)))),
                new Odd("two gzip members", deb("data.tar.gz", twice)),
                new Odd("two zstd frames", deb("data.tar.zst", joined(Packing.ZST.pack(tar), Packing.ZST.pack(tar)))),
                new Odd("blocks of nothing with dictionaries of 64 MiB", deb("data.tar.xz",
                        HostileCompression.emptyXzBlocks(Packing.XZ.pack(tar), 28, 4_000))),
                new Odd("sparse file", plain(new TarBytes().entry("./a", 'S', new byte[0]))),
                new Odd("pax overrides the size", plain(new TarBytes().pax("size", "3").file("./a", "abc"))),
                new Odd("link with content", plain(new TarBytes().entry("./a", '1', "x".getBytes(UTF_8)))),
                new Odd("long name of 100 kB", plain(new TarBytes().entry("L", 'L', new byte[100_000]))),
                new Odd("a file of 1 TiB", plain(new TarBytes().entry("./a", '0', 0644, new byte[0],
                        header -> {
                            Arrays.fill(header, 124, 136, (byte) 0);
                            header[124] = (byte) 0x80;
                            header[130] = 1;
                        }))),
                new Odd("more entries than are counted", deb("data.tar.zst", Packing.ZST.pack(many()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("acceptedUnlisted")
    void acceptsWhatItDoesNotWalk(Odd odd) throws IOException {
        DebArchive read = parsed(DebReader.readWhole(new ByteArrayInputStream(odd.deb())));
        assertInstanceOf(FileListing.Unlisted.class, read.files());
    }

    static Stream<HostileDeb> refusedWhenWalked() {
        byte[] tar = new TarBytes().file("./a", "x").toBytes();
        byte[] zeros = new TarBytes().file("./zeros", new byte[100 << 20]).toBytes();
        return Stream.of(
                HostileDeb.tooLarge("gz: bomb", deb("data.tar.gz", Packing.GZ.pack(zeros))),
                HostileDeb.tooLarge("xz: bomb", deb("data.tar.xz", Packing.XZ.pack(Arrays.copyOf(zeros, 20 << 20)))),
                HostileDeb.tooLarge("bz2: bomb", deb("data.tar.bz2", RpmPacking.BZ2.pack(zeros))),
                HostileDeb.corrupt("bz2: truncated", deb("data.tar.bz2", shortened(RpmPacking.BZ2.pack(tar)))),
                HostileDeb.corrupt("bz2: wrong checksum", deb("data.tar.bz2", flipped(RpmPacking.BZ2.pack(tar), 3))),
                HostileDeb.tooLarge("zst: bomb", deb("data.tar.zst", Packing.ZST.pack(zeros))),
                HostileDeb.corrupt("gz: truncated", deb("data.tar.gz", shortened(Packing.GZ.pack(tar)))),
                HostileDeb.corrupt("xz: truncated", deb("data.tar.xz", shortened(Packing.XZ.pack(tar)))),
                HostileDeb.corrupt("zst: truncated", deb("data.tar.zst", shortened(Packing.ZST.pack(tar)))),
                HostileDeb.corrupt("gz: wrong checksum", deb("data.tar.gz", flipped(Packing.GZ.pack(tar), 6))),
                HostileDeb.corrupt("xz: wrong check", deb("data.tar.xz", flipped(Packing.XZ.pack(tar), 28))),
                HostileDeb.malformed("tar: path upwards", plain(new TarBytes().file("./../a", "x"))),
                HostileDeb.malformed("tar: folder upwards", plain(new TarBytes().folder("./a/../../b/"))),
                HostileDeb.malformed("tar: pax path upwards", plain(new TarBytes().pax("path", "../a").file("a", "x"))),
                HostileDeb.malformed("tar: pax length lies", plain(new TarBytes().entry("x", 'x',
                        "99 path=a\n".getBytes(UTF_8)))),
                HostileDeb.malformed("tar: no end", deb("data.tar", new TarBytes().file("./a", "x").unclosed())),
                HostileDeb.malformed("tar: cut off", deb("data.tar", Arrays.copyOf(tar, 600))),
                HostileDeb.malformed("tar: wrong checksum behind the first", plain(new TarBytes().file("./a", "x")
                        .raw("x".repeat(512).getBytes(UTF_8)))),
                HostileDeb.malformed("tar: size that is no number", plain(new TarBytes().file("./a", "x")
                        .entry("./b", '0', 0644, new byte[0], header -> TarBytes.put(header, 124, "00000009")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedWhenWalked")
    void refusesWhatIsBroken(HostileDeb hostile) throws IOException {
        ParseResult.Malformed<DebArchive> refused =
                refused(DebReader.readWhole(new ByteArrayInputStream(hostile.deb())));
        assertEquals(hostile.code(), refused.code(), refused.reason());
        assertEquals(true, refused.reason().startsWith("the data archive") || refused.reason().contains(" the data "),
                refused.reason());
    }

    @Test
    void describesInSharedWords() throws IOException {
        byte[] deb = TestDeb.of("hello", "1:2.0-3", "amd64").field("Depends", "libc6 (>= 2.31), a |  b")
                .field("Conflicts", "c").field("License", "Apache-2.0").field("Section", "utils")
                .field("Description", "short\n long\n .\n  indented").script("conffiles", "/etc/x\n")
                .file("etc/x", "1").file("usr/bin/hello", "2").build();
        PackageDescription read = DebDescription.of(parsed(DebReader.readWhole(new ByteArrayInputStream(deb))));
        assertEquals("1:2.0-3", read.fullVersion());
        assertEquals(Optional.of("3"), read.release());
        assertEquals("short", read.summary());
        assertEquals("short\nlong\n\n indented", read.description());
        assertEquals(List.of(new Dependencies("depends", List.of("libc6 (>= 2.31)", "a | b")),
                new Dependencies("conflicts", List.of("c"))), read.dependencies());
        assertEquals(List.of("Apache-2.0"), read.licenses());
        assertEquals(new Fact("Package", "hello"), read.facts().getFirst());
        assertEquals(List.of(new Fact("Conffiles", "/etc/x"), new Fact("Files", "/etc/x\n/usr/bin/hello")),
                read.facts().subList(read.facts().size() - 2, read.facts().size()));
    }

    private static List<PackagedFile> listed(byte[] deb) throws IOException {
        DebArchive read = parsed(DebReader.readWhole(new ByteArrayInputStream(deb)));
        return assertInstanceOf(FileListing.Listed.class, read.files()).files();
    }

    private static byte[] deb(String member, byte[] content) {
        return new ArBytes().member("debian-binary", "2.0\n").member("control.tar", goodTar())
                .member(member, content).toBytes();
    }

    private static byte[] plain(TarBytes tar) {
        return deb("data.tar", tar.toBytes());
    }

    private static byte[] many() {
        var tar = new TarBytes();
        var names = new ArrayList<String>();
        for (int i = 0; i <= DataWalk.MAX_ENTRIES / 10; i++) {
            names.add(Long.toHexString(i * 0x9e3779b97f4a7c15L));
        }
        for (int round = 0; round < 10; round++) {
            names.forEach(name -> tar.file("./" + name, ""));
        }
        return tar.toBytes();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] shortened(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length - 5);
    }

    private static byte[] flipped(byte[] bytes, int fromEnd) {
        bytes[bytes.length - fromEnd] ^= 0x40;
        return bytes;
    }
}
