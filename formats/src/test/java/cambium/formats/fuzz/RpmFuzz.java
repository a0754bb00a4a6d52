package cambium.formats.fuzz;

import static cambium.formats.fuzz.Judged.judge;
import static cambium.formats.fuzz.Judged.require;
import static cambium.formats.fuzz.Judged.requireEntry;

import cambium.formats.rpm.Evr;
import cambium.formats.rpm.RpmDescription;
import cambium.formats.rpm.RpmEntries;
import cambium.formats.rpm.RpmPackage;
import cambium.formats.rpm.RpmReader;
import cambium.formats.testing.HeaderBytes;
import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.TestRpm;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// What Jazzer calls with its inputs (`./dev fuzz rpm`). The first byte says at which depth the rest is put, since
/// digests would keep mutations from ever getting behind the signature header.
public final class RpmFuzz {
    private static final String SHA256 = "0".repeat(64);
    private static final byte[] LEAD = Arrays.copyOf(TestRpm.of("a", "1", "1", "noarch").build(), 96);

    private RpmFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        switch (input[0] & 7) {
            case 0 -> read(rest);
            case 1, 2 -> read(withDigest(rest));
            case 3 -> read(payload(RpmPacking.NONE, rest));
            case 4 -> read(payload(RpmPacking.values()[(input[0] & 0xff) >> 3 & 3], rest));
            case 5 -> read(payload(RpmPacking.ZSTD, rest));
            case 6 -> read(payload(RpmPacking.GZ, RpmPacking.GZ.pack(rest)));
            default -> version(new String(rest, StandardCharsets.ISO_8859_1));
        }
    }

    private static void read(byte[] rpm) {
        judge(() -> RpmReader.read(new ByteArrayInputStream(rpm)), RpmFuzz::holdsTogether);
    }

    private static void holdsTogether(RpmPackage rpm) {
        RpmDescription.of(rpm);
        require(!rpm.fileName().contains("/") && rpm.fileName().length() < 256, rpm.fileName());
        require(rpm.evr().compareTo(rpm.evr()) == 0, "a version that is not itself");
        requireEntry(RpmEntries.primary(rpm, "x.rpm", SHA256, 1));
        requireEntry(RpmEntries.filelists(rpm, SHA256));
        requireEntry(RpmEntries.other(rpm, SHA256));
    }

    private static void version(String text) {
        int cut = text.indexOf('\n');
        judge(() -> Evr.parse(text.substring(0, Math.max(0, cut))), left ->
                judge(() -> Evr.parse(text.substring(cut + 1)), right -> require(
                        Integer.signum(left.compareTo(right)) == -Integer.signum(right.compareTo(left)), text)));
    }

    /// Header and payload as they come, in front of them a signature header with their right digest.
    private static byte[] withDigest(byte[] headerAndPayload) {
        byte[] signature = HeaderBytes.signature().bytes(1004, md5(headerAndPayload)).toBytes();
        byte[] padded = Arrays.copyOf(signature, signature.length + (-signature.length & 7));
        byte[] rpm = Arrays.copyOf(LEAD, LEAD.length + padded.length + headerAndPayload.length);
        System.arraycopy(padded, 0, rpm, LEAD.length, padded.length);
        System.arraycopy(headerAndPayload, 0, rpm, LEAD.length + padded.length, headerAndPayload.length);
        return rpm;
    }

    private static byte[] payload(RpmPacking packing, byte[] payload) {
        return TestRpm.of("a", "1", "1", "noarch").file("/a", "hello").folder("/b").packed(packing)
                .payload(payload.length == 0 ? new byte[] {0} : payload)
                .header(fields -> fields.without(5097)).build();
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
