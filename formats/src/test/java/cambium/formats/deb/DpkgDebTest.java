package cambium.formats.deb;

import static cambium.formats.testing.Parsing.parsed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.testing.Packing;
import cambium.formats.testing.Shell;
import cambium.formats.testing.TarBytes;
import cambium.formats.testing.TestDeb;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DpkgDebTest {
    @ParameterizedTest
    @ValueSource(strings = {"-Znone", "-Zgzip", "-Zxz", "-Zxz -z9", "-Zzstd", "-Zzstd -z19",
            "--no-uniform-compression -Zxz", "-Zxz -Sextreme"})
    void readsWhatDpkgDebBuilds(String options, @TempDir Path folder) throws IOException {
        Shell.run(folder, """
                umask 022
                mkdir -p tree/DEBIAN tree/usr/share/doc
                printf 'Package: built\\nVersion: 1:1.2-3\\nArchitecture: all\\nMaintainer: T <t@example.org>\\n' \
                    > tree/DEBIAN/control
                printf 'Description: one\\n two\\n .\\n three\\n' >> tree/DEBIAN/control
                printf '#!/bin/sh\\nexit 0\\n' > tree/DEBIAN/postinst
                chmod 755 tree/DEBIAN/postinst
                seq 1 10000 > tree/usr/share/doc/numbers
                dpkg-deb --root-owner-group %s --build tree built.deb
                """.formatted(options));
        try (var in = Files.newInputStream(folder.resolve("built.deb"))) {
            DebPackage read = parsed(DebReader.read(in));
            assertEquals("built_1.2-3_all.deb", read.fileName());
            assertEquals("one\n two\n .\n three", read.control().get("Description").orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource(Packing.class)
    void dpkgDebReadsWhatTestsBuild(Packing packing, @TempDir Path folder) throws IOException {
        byte[] deb = TestDeb.of("made", "1.0", "all").script("postinst", "#!/bin/sh\n").file("usr/share/made/x", "x")
                .program("usr/bin/made", "#!/bin/sh\n").packed(packing, packing).build();
        Files.write(folder.resolve("made.deb"), deb);
        assertEquals(List.of("made 1.0", "x"), Shell.run(folder, """
                dpkg-deb --show --showformat '${Package} ${Version}\\n' made.deb
                dpkg-deb --extract made.deb out
                test -x out/usr/bin/made
                cat out/usr/share/made/x
                """));
    }

    /// The decoder is told of a smaller dictionary than the stream announces; matches from afar must still be found.
    @Test
    void readsMatchesFromAfarInAStreamOfALargerDictionary(@TempDir Path folder) throws IOException {
        byte[] noise = new byte[10 << 20];
        new Random(1).nextBytes(noise);
        Files.write(folder.resolve("control.tar"), new TarBytes().file("./one", noise).file("./two", noise)
                .file("./control", HostileDeb.CONTROL).toBytes());
        Shell.run(folder, "xz --lzma2=preset=0,dict=64MiB control.tar");
        byte[] packed = Files.readAllBytes(folder.resolve("control.tar.xz"));
        assertTrue(packed.length < 11 << 20, "the second copy was not found: " + packed.length + " bytes");

        byte[] deb = HostileDeb.withControlMember(".xz", packed);
        assertEquals("hello", parsed(DebReader.read(new ByteArrayInputStream(deb))).name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"xz -0 -T2", "xz -1 --block-size=64KiB", "xz --check=none", "xz --check=sha256",
            "xz -9e", "gzip -9", "gzip --fast"})
    void readsLargeControlArchivesOfTheToolsThemselves(String tool, @TempDir Path folder) throws IOException {
        var sums = new StringBuilder();
        var random = new Random(2);
        for (int i = 0; i < 12_000; i++) {
            sums.append("%016x%016x  usr/share/doc/%d%n".formatted(random.nextLong(), random.nextLong(), i));
        }
        Files.write(folder.resolve("control.tar"), new TarBytes().file("./md5sums", sums.toString())
                .file("./control", HostileDeb.CONTROL).toBytes());
        String suffix = Shell.run(folder, tool + " -q -k control.tar; echo control.tar.*").getLast().substring(11);

        byte[] deb = HostileDeb.withControlMember(suffix, Files.readAllBytes(folder.resolve("control.tar" + suffix)));
        assertEquals("hello", parsed(DebReader.read(new ByteArrayInputStream(deb))).name());
    }
}
