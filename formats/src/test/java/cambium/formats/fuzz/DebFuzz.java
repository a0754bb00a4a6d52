package cambium.formats.fuzz;

import static cambium.formats.fuzz.Judged.judge;
import static cambium.formats.fuzz.Judged.require;
import static cambium.formats.fuzz.Judged.requireEntry;

import cambium.formats.apt.Digests;
import cambium.formats.apt.PackagesStanza;
import cambium.formats.deb.DebArchive;
import cambium.formats.deb.DebDescription;
import cambium.formats.deb.DebReader;
import cambium.formats.deb.DebVersion;
import cambium.formats.dsc.DscReader;
import cambium.formats.dsc.SourceDescription;
import cambium.formats.testing.ArBytes;
import cambium.formats.testing.Mutation;
import cambium.formats.testing.Packing;
import cambium.formats.testing.TarBytes;
import cambium.formats.testing.TestDeb;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What Jazzer calls with its inputs (`./dev fuzz deb`). The first byte says at which depth the rest is put, since
/// checksums would keep mutations from getting far.
public final class DebFuzz {
    private static final Digests DIGESTS =
            new Digests("0".repeat(32), "0".repeat(40), "0".repeat(64), "0".repeat(128));
    private static final byte[] CONTROL = TestDeb.of("a1", "1", "all").controlTar();
    private static final byte[] PAYLOAD = TestDeb.of("a1", "1", "all").payloadTar();

    private DebFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        Packing packing = Packing.values()[(input[0] & 0xff) >> 3 & 3];
        switch (input[0] & 7) {
            case 0 -> read(rest);
            case 1 -> read(members("", new TarBytes().file("./control", rest).toBytes(), "", PAYLOAD));
            case 2 -> read(members("", Mutation.withTarChecksums(rest), "", PAYLOAD));
            case 3 -> read(members(packing.suffix(), rest, "", PAYLOAD));
            case 4 -> read(members("", CONTROL, "", Mutation.withTarChecksums(rest)));
            case 5 -> read(members("", CONTROL, packing.suffix(), rest));
            case 6 -> judge(() -> DscReader.read(new ByteArrayInputStream(rest)), SourceDescription::of);
            default -> version(new String(rest, StandardCharsets.ISO_8859_1));
        }
    }

    private static void read(byte[] deb) {
        judge(() -> DebReader.readWhole(new ByteArrayInputStream(deb)), DebFuzz::holdsTogether);
    }

    private static void holdsTogether(DebArchive archive) {
        DebDescription.of(archive);
        require(!archive.deb().fileName().contains("/"), archive.deb().fileName());
        byte[] stanza = PackagesStanza.write(archive.deb(), "pool/x.deb", 7, DIGESTS);
        requireEntry(stanza);
        String text = new String(stanza, StandardCharsets.UTF_8);
        require(text.lines().filter(line -> line.startsWith("Filename:")).toList()
                .equals(List.of("Filename: pool/x.deb")), text);
    }

    private static void version(String text) {
        int cut = text.indexOf('\n');
        judge(() -> DebVersion.parse(text.substring(0, Math.max(0, cut))), left ->
                judge(() -> DebVersion.parse(text.substring(cut + 1)), right -> require(
                        Integer.signum(left.compareTo(right)) == -Integer.signum(right.compareTo(left)), text)));
    }

    private static byte[] members(String controlSuffix, byte[] control, String dataSuffix, byte[] payload) {
        return new ArBytes().member("debian-binary", "2.0\n").member("control.tar" + controlSuffix, control)
                .member("data.tar" + dataSuffix, payload).toBytes();
    }
}
