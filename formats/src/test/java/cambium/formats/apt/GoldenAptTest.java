package cambium.formats.apt;

import static cambium.formats.testing.Parsing.parsed;

import cambium.formats.deb.DebPackage;
import cambium.formats.deb.DebReader;
import cambium.formats.index.ChunkEncoder;
import cambium.formats.index.EncodedChunk;
import cambium.formats.index.IndexForm;
import cambium.formats.index.PlacedChunk;
import cambium.formats.index.PrefixState;
import cambium.formats.index.Segment;
import cambium.formats.index.SplicedIndex;
import cambium.formats.index.VirtualIndex;
import cambium.formats.testing.Golden;
import cambium.formats.testing.Packing;
import cambium.formats.testing.TestDeb;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whole index files, to be read by people when they change. The packages inside are not compressed, and the gz form
/// is left out, so that the files do not depend on the zlib of a machine; the xz encoder is our own dependency.
class GoldenAptTest {
    private static final String FOLDER = "main/binary-amd64/Packages";

    @Test
    void packagesAndReleaseAreTheBytesWeKnow() throws Exception {
        List<EncodedChunk> chunks = List.of(
                ChunkEncoder.encode(join(stanza(plain()), stanza(library()))), ChunkEncoder.encode(stanza(awkward())));
        var raw = new ByteArrayOutputStream();
        var xz = new ByteArrayOutputStream();
        chunks.forEach(chunk -> raw.writeBytes(chunk.raw()));
        VirtualIndex packed = SplicedIndex.describe(placed(chunks), IndexForm.XZ);
        for (Segment segment : packed.segments()) {
            xz.writeBytes(switch (segment) {
                case Segment.Literal(byte[] bytes) -> bytes;
                case Segment.Slice(var chunk, _) -> chunk.equals(chunks.getFirst().chunk()) ? chunks.getFirst().xz()
                        : chunks.getLast().xz();
            });
        }
        Golden.check("deb/Packages", raw.toByteArray());
        Golden.check("deb/Packages.xz", xz.toByteArray());
        Golden.check("deb/Release", ReleaseFile.write(fields(), List.of(
                entry(FOLDER + ".xz", xz.toByteArray()), entry(FOLDER, raw.toByteArray()))));
    }

    private static TestDeb plain() {
        return TestDeb.of("hello", "2.10-3", "amd64").field("Depends", "libc6 (>= 2.34)")
                .file("usr/bin/hello", "hello\n");
    }

    private static TestDeb library() {
        return TestDeb.of("libfront1", "1:0.9~rc1+git20260101-0ubuntu2", "all").field("Multi-Arch", "foreign")
                .field("Section", "libs").field("Priority", "optional").field("Installed-Size", "12");
    }

    private static TestDeb awkward() {
        return TestDeb.of("awkward", "1", "all")
                .field("Description", "W\u00f6rter und \u96ea\n Second line,\n .\n  and an indented one: with a colon")
                .field("Conffiles", "\n /etc/a 1\n /etc/b 2").field("X-Empty", "");
    }

    private static byte[] stanza(TestDeb recipe) throws Exception {
        byte[] file = recipe.packed(Packing.NONE, Packing.NONE).build();
        DebPackage deb = parsed(DebReader.read(new ByteArrayInputStream(file)));
        var digests = new Digests(hex("MD5", file), hex("SHA-1", file), hex("SHA-256", file), hex("SHA-512", file));
        return PackagesStanza.write(deb, PoolPath.of("bookworm", "main", deb), file.length, digests);
    }

    private static ReleaseFields fields() {
        return new ReleaseFields("packages.example.org/acme/storefront", "storefront", "bookworm", "bookworm",
                Instant.parse("2026-11-02T03:04:05Z"), List.of("all", "amd64"), List.of("main"));
    }

    private static ReleaseEntry entry(String path, byte[] file) throws Exception {
        return new ReleaseEntry(path, file.length, hex("SHA-256", file));
    }

    private static List<PlacedChunk> placed(List<EncodedChunk> chunks) {
        PrefixState first = PrefixState.start().plus(chunks.getFirst());
        return List.of(new PlacedChunk(chunks.getFirst().chunk(), first),
                new PlacedChunk(chunks.getLast().chunk(), first.plus(chunks.getLast())));
    }

    private static String hex(String algorithm, byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    private static byte[] join(byte[] first, byte[] second) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
