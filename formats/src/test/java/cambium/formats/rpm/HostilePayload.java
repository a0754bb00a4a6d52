package cambium.formats.rpm;

import static cambium.formats.rpm.HostileRpm.corrupt;
import static cambium.formats.rpm.HostileRpm.good;
import static cambium.formats.rpm.HostileRpm.malformed;
import static cambium.formats.rpm.HostileRpm.tooLarge;

import cambium.formats.testing.CpioBytes;
import cambium.formats.testing.RpmPacking;
import cambium.formats.testing.TestRpm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What can be wrong with the payload of a package whose headers and digests are right.
final class HostilePayload {
    private static final int REGULAR = 0100644;
    private static final int HUGE_BYTES = 30 << 20;
    private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.US_ASCII);

    private HostilePayload() {}

    static Stream<HostileRpm> all() {
        return Stream.of(cpio(), names(), numbered(), bombs(), Arrays.stream(RpmPacking.values())
                .filter(packing -> packing != RpmPacking.NONE).flatMap(HostilePayload::packed), streams())
                .flatMap(group -> group);
    }

    private static Stream<HostileRpm> cpio() {
        return Stream.of(
                cpio("no bytes", new CpioBytes()),
                cpio("old cpio", new CpioBytes().text("070707").bytes(new byte[100])),
                cpio("no cpio at all", new CpioBytes().text("#!/bin/sh\nrm -rf /\n")),
                cpio("half a header", new CpioBytes().text("070701000000")),
                cpio("number that is none", new CpioBytes().text("070701" + "0000000g".repeat(13))),
                cpio("number with a sign", new CpioBytes().text("070701" + "-0000001".repeat(13))),
                cpio("no end", files()),
                cpio("no files, no end", new CpioBytes().header("070701", 1, REGULAR, 0, 11)),
                cpio("something behind the end", files().trailer().text("x")),
                cpio("a second archive behind the end", files().trailer().file("./usr/bin/hello", REGULAR, HELLO)),
                cpio("content cut", new CpioBytes().header("070701", 1, REGULAR, 6, 17).text("./usr/bin/hello\0\0")),
                cpio("content without its padding", new CpioBytes().header("070701", 1, REGULAR, 6, 16)
                        .text("./usr/bin/hello\0").pad().text("hello\n")));
    }

    private static Stream<HostileRpm> names() {
        return Stream.of(
                cpio("name of no bytes", new CpioBytes().header("070701", 1, REGULAR, 0, 0)),
                cpio("name of 4 GiB", new CpioBytes().header("070701", 1, REGULAR, 0, 0xffffffffL)),
                cpio("name of 5,000 bytes", new CpioBytes().header("070701", 1, REGULAR, 0, 5_000)
                        .text("a".repeat(4_999) + "\0")),
                cpio("name without its end", new CpioBytes().header("070701", 1, REGULAR, 0, 15)
                        .text("./usr/bin/hello").pad()),
                cpio("file that the header does not name", new CpioBytes().file("./usr/bin/evil", REGULAR, HELLO)),
                cpio("file that climbs", new CpioBytes().file("./usr/bin/../bin/hello", REGULAR, HELLO)),
                cpio("file twice", new CpioBytes().file("./usr/bin/hello", REGULAR, HELLO)
                        .file("/usr/bin/hello", REGULAR, HELLO)),
                cpio("file larger than the header says", new CpioBytes()
                        .file("./usr/bin/hello", REGULAR, new byte[7])),
                cpio("file smaller than the header says", new CpioBytes()
                        .file("./usr/bin/hello", REGULAR, new byte[5])),
                cpio("empty file that the header says is not", new CpioBytes()
                        .file("./usr/bin/hello", REGULAR, new byte[0])),
                cpio("folder with content", new CpioBytes().file("./usr/share/hello", 0040755, HELLO)),
                cpio("device with content", new CpioBytes().file("./usr/bin/hello", 0020644, HELLO)));
    }

    private static Stream<HostileRpm> numbered() {
        return Stream.of(
                cpio("file of a number that the header lacks", new CpioBytes().text("07070X00000002").pad()),
                cpio("file of number 2^32-1", new CpioBytes().text("07070Xffffffff").pad()),
                cpio("file of one number twice", new CpioBytes().text("07070X00000001").pad()
                        .text("07070X00000001").pad()),
                cpio("file by number cut", new CpioBytes().text("07070X00000000").pad().text("hel")));
    }

    private static Stream<HostileRpm> bombs() {
        byte[] zeros = new CpioBytes().file("./usr/bin/hello", REGULAR, new byte[HUGE_BYTES]).trailer().toBytes();
        return Stream.of(RpmPacking.GZ, RpmPacking.XZ, RpmPacking.BZ2, RpmPacking.LZMA, RpmPacking.ZSTD)
                .flatMap(packing -> Stream.of(
                        tooLarge(packing + ": bomb", oneLarge().packed(packing).payload(packing.pack(zeros)).build()),
                        tooLarge(packing + ": bomb that says it is one", good().packed(packing)
                                .signature(fields -> fields.number(1007, Integer.MAX_VALUE)).build())));
    }

    private static Stream<HostileRpm> packed(RpmPacking packing) {
        byte[] whole = packing.pack(good().cpio());
        // The last bytes of a .lzma stream say nothing that a decoder would need.
        int cut = whole.length / 2;
        return Stream.of(
                corrupt(packing + ": truncated", with(packing, Arrays.copyOf(whole, cut))),
                corrupt(packing + ": truncated to its magic", with(packing, Arrays.copyOf(whole, 6))),
                corrupt(packing + ": damaged", with(packing, damaged(whole))),
                corrupt(packing + ": compressed twice", with(packing, packing.pack(whole)))).map(hostile ->
                        hostile.name().endsWith("twice") ? malformed(hostile.name(), hostile.rpm()) : hostile);
    }

    private static Stream<HostileRpm> streams() {
        byte[] xz = RpmPacking.XZ.pack(good().cpio());
        byte[] lzma = RpmPacking.LZMA.pack(good().cpio());
        return Stream.of(
                corrupt("gzip that is xz", with(RpmPacking.GZ, xz)),
                corrupt("xz that is lzma", with(RpmPacking.XZ, lzma)),
                corrupt("bzip2 that is xz", with(RpmPacking.BZ2, xz)),
                tooLarge("lzma: dictionary of 1 GiB", with(RpmPacking.LZMA, replaced(lzma, 4, 0x40))),
                corrupt("lzma: impossible properties", with(RpmPacking.LZMA, replaced(lzma, 0, 0xff))),
                tooLarge("zstd: window of 2 GiB", with(RpmPacking.ZSTD, zstd("00", "a8"))),
                corrupt("zstd: dictionary", with(RpmPacking.ZSTD, zstd("01", "0001"))),
                corrupt("zstd: ten million empty blocks",
                        with(RpmPacking.ZSTD, Arrays.copyOf(HexFormat.of().parseHex("28b52ffd0000"), 7 << 20))));
    }

    /// A package of one file whose header says that it is large.
    private static TestRpm oneLarge() {
        return TestRpm.of("hello", "1.0", "1", "noarch").file("/usr/bin/hello", "hello\n")
                .header(fields -> fields.ints(1028, List.of(HUGE_BYTES)));
    }

    private static CpioBytes files() {
        return new CpioBytes().file("./usr/bin/hello", REGULAR, HELLO).file("./usr/share/hello", 0040755, new byte[0]);
    }

    private static HostileRpm cpio(String name, CpioBytes cpio) {
        return malformed("cpio: " + name, good().payload(RpmPacking.GZ.pack(cpio.toBytes())));
    }

    private static byte[] with(RpmPacking packing, byte[] payload) {
        return good().packed(packing).payload(payload).build();
    }

    private static byte[] zstd(String descriptor, String rest) {
        return HexFormat.of().parseHex("28b52ffd" + descriptor + rest + "00".repeat(40));
    }

    private static byte[] damaged(byte[] packed) {
        byte[] changed = packed.clone();
        for (int i = packed.length / 3; i < packed.length * 2 / 3; i++) {
            changed[i] ^= 0x55;
        }
        return changed;
    }

    private static byte[] replaced(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }
}
