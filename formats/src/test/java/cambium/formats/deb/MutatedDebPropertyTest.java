package cambium.formats.deb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cambium.formats.ParseResult;
import cambium.formats.apt.Digests;
import cambium.formats.apt.PackagesStanza;
import cambium.formats.testing.ArBytes;
import cambium.formats.testing.Mutation;
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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tens of thousands of damaged packages: each is understood or refused, and nothing else ever happens.
class MutatedDebPropertyTest {
    private static final long SEED = 20261123;
    private static final int MUTANTS = 30_000;
    private static final int SHOWN_TO_DPKG = 60;
    private static final Digests DIGESTS = new Digests("0".repeat(32), "0".repeat(40), "0".repeat(64), "0".repeat(128));

    /// The time limit is only there to end a test that hangs.
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void isUnderstoodOrRefusedAndNothingElse(@TempDir Path folder) throws IOException {
        var random = new Random(SEED);
        var shown = new TreeMap<String, String>();
        int understood = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] deb = mutant(random);
            try {
                switch (DebReader.read(new ByteArrayInputStream(deb))) {
                    case ParseResult.Parsed<DebPackage>(var read) -> {
                        understood++;
                        assertSafe(read);
                        if (i % 7 == 0 && shown.size() < SHOWN_TO_DPKG) {
                            Files.write(folder.resolve(i + ".deb"), deb);
                            shown.put(i + ".deb", read.name() + " " + read.version() + " " + read.architecture());
                        }
                    }
                    case ParseResult.Malformed<DebPackage>(var code, var reason, _) -> {
                        assertTrue(List.of("deb_malformed", "corrupt", "too_large_expanded").contains(code), code);
                        assertTrue(!reason.isEmpty() && reason.length() < 300, reason);
                    }
                }
            } catch (RuntimeException | AssertionError | IOException broken) {
                throw new AssertionError("mutant " + i + " of seed " + SEED, broken);
            }
        }
        assertTrue(understood > MUTANTS / 50 && understood < MUTANTS / 2, understood + " of " + MUTANTS);
        assertDpkgAgrees(folder, shown);
    }

    /// Whatever got through: its stanza is one paragraph, in which the repository's fields are the repository's.
    private static void assertSafe(DebPackage read) {
        byte[] stanza = PackagesStanza.write(read, "pool/x.deb", 7, DIGESTS);
        String text = new String(stanza, UTF_8);
        assertTrue(text.indexOf("\n\n") == text.length() - 2, text);
        var back = ControlParagraph.parse(stanza);
        switch (back) {
            case ParseResult.Parsed<ControlParagraph>(var paragraph) -> {
                assertEquals("pool/x.deb", paragraph.get("Filename").orElseThrow());
                assertEquals("7", paragraph.get("Size").orElseThrow());
                assertEquals(read.name(), paragraph.get("Package").orElseThrow());
            }
            case ParseResult.Malformed<ControlParagraph> refused -> throw new AssertionError(refused + "\n" + text);
        }
        var again = ControlParagraph.parse(read.control().toBytes());
        assertEquals(new ParseResult.Parsed<>(read.control()), again);
    }

    /// What we accept, dpkg reads in the same way.
    private static void assertDpkgAgrees(Path folder, TreeMap<String, String> shown) {
        List<String> answers = Shell.run(folder, """
                for deb in %s; do
                    dpkg-deb --show --showformat '${Package} ${Version} ${Architecture}\\n' $deb 2>errors || cat errors
                done
                """.formatted(String.join(" ", shown.keySet())));
        assertEquals(String.join("\n", shown.values()), String.join("\n", answers), "seed " + SEED);
    }

    /// Damage at one of four depths: the file, the packed control archive, the archive, the text.
    private static byte[] mutant(Random random) {
        Packing packing = Packing.values()[random.nextInt(4)];
        var whole = TestDeb.of("hello", "1.0-1", "amd64").field("Depends", "libc6").script("postinst", "exit 0\n")
                .packed(packing, Packing.values()[random.nextInt(4)]);
        if (random.nextInt(4) == 0) {
            return Mutation.of(whole.build(), random);
        }
        byte[] packed = switch (random.nextInt(3)) {
            case 0 -> Mutation.of(packing.pack(whole.controlTar()), random);
            case 1 -> packing.pack(Mutation.ofTar(whole.controlTar(), random));
            default -> packing.pack(new TarBytes()
                    .file("./control", Mutation.of(whole.controlText().getBytes(UTF_8), random)).toBytes());
        };
        return new ArBytes().member("debian-binary", "2.0\n").member("control.tar" + packing.suffix(), packed)
                .member("data.tar", whole.payloadTar()).toBytes();
    }
}
