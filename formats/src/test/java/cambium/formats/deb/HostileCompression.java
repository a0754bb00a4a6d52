package cambium.formats.deb;

import static cambium.formats.deb.HostileDeb.corrupt;
import static cambium.formats.deb.HostileDeb.goodTar;
import static cambium.formats.deb.HostileDeb.malformed;
import static cambium.formats.deb.HostileDeb.tooLarge;
import static cambium.formats.deb.HostileDeb.withControlMember;

import cambium.formats.testing.Packing;
import cambium.formats.testing.TarBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// Row "Compression" of the catalogue: the stream around the control archive.
final class HostileCompression {
    private static final int ZEROS_BYTES = 100 << 20;

    private HostileCompression() {}

    static Stream<HostileDeb> all() {
        return Stream.of(bombs(), perPacking(Packing.GZ), perPacking(Packing.XZ), perPacking(Packing.ZST), headers())
                .flatMap(group -> group);
    }

    private static Stream<HostileDeb> bombs() {
        byte[] zeros = new TarBytes().file("./zeros", new byte[ZEROS_BYTES]).toBytes();
        byte[] noise = new byte[40 << 20];
        var random = new Random(1);
        for (int i = 0; i < noise.length; i += 64) {
            noise[i] = (byte) random.nextInt();
        }
        byte[] noisy = new TarBytes().file("./noise", noise).toBytes();
        return Stream.of(
                tooLarge("gz: bomb", withControlMember(".gz", Packing.GZ.pack(zeros))),
                tooLarge("xz: bomb", withControlMember(".xz", Packing.XZ.pack(Arrays.copyOf(zeros, 20 << 20)))),
                tooLarge("zst: bomb", withControlMember(".zst", Packing.ZST.pack(zeros))),
                tooLarge("zst: more than 32 MiB at a modest ratio", withControlMember(".zst", Packing.ZST.pack(noisy))),
                tooLarge("zst: more than 32 MiB of empty blocks", withControlMember(".zst", emptyBlocks(33 << 20))),
                corrupt("zst: ten million empty blocks", withControlMember(".zst", emptyBlocks(30 << 20))),
                tooLarge("none: more than 32 MiB", withControlMember("", noisy)),
                malformed("bz2: bomb", withControlMember(".bz2", HexFormat.of().parseHex("425a6839314159265359"))));
    }

    private static Stream<HostileDeb> perPacking(Packing packing) {
        String suffix = packing.suffix();
        String name = suffix.substring(1) + ": ";
        byte[] good = packing.pack(goodTar());
        byte[] truncated = Arrays.copyOf(good, good.length - 5);
        return Stream.of(
                corrupt(name + "truncated", withControlMember(suffix, truncated)),
                corrupt(name + "truncated to its magic", withControlMember(suffix, Arrays.copyOf(good, 6))),
                corrupt(name + "no bytes", withControlMember(suffix, new byte[0])),
                corrupt(name + "wrong magic", withControlMember(suffix, flipped(good, 1))),
                corrupt(name + "concatenated twice", withControlMember(suffix, joined(good, good))),
                corrupt(name + "garbage behind", withControlMember(suffix, joined(good, "x".getBytes()))),
                corrupt(name + "zeros behind", withControlMember(suffix, joined(good, new byte[4]))));
    }

    private static Stream<HostileDeb> headers() {
        byte[] gz = Packing.GZ.pack(goodTar());
        byte[] xz = Packing.XZ.pack(goodTar());
        byte[] zst = Packing.ZST.pack(goodTar());
        return Stream.of(
                corrupt("gz: wrong checksum", withControlMember(".gz", flipped(gz, gz.length - 6))),
                corrupt("gz: wrong length", withControlMember(".gz", flipped(gz, gz.length - 2))),
                corrupt("gz: reserved flags", withControlMember(".gz", with(gz, 3, 0xe0))),
                corrupt("gz: endless name", withControlMember(".gz",
                        joined(with(Arrays.copyOf(gz, 10), 3, 8), "n".repeat(100_000).getBytes()))),
                corrupt("xz: wrong checksum of the header", withControlMember(".xz", flipped(xz, 9))),
                corrupt("xz: wrong check of the block", withControlMember(".xz", flipped(xz, xz.length - 28))),
                corrupt("xz: wrong footer", withControlMember(".xz", flipped(xz, xz.length - 1))),
                tooLarge("xz: a thousand empty blocks", withControlMember(".xz", emptyXzBlocks(xz, 26, 1_000))),
                tooLarge("xz: ten thousand chunks of a byte", withControlMember(".xz", tinyXzChunks(xz, 10_000))),
                corrupt("xz: two filters", withControlMember(".xz", withBlockHeader(xz, 1, 1))),
                tooLarge("xz: dictionary of 96 MiB", withControlMember(".xz", withDictionary(xz, 29))),
                tooLarge("xz: dictionary of 1.5 GiB", withControlMember(".xz", withDictionary(xz, 37))),
                tooLarge("xz: dictionary of 4 GiB",
                        withControlMember(".xz", withDictionary(xz, 40))),
                tooLarge("zst: window of 2 GiB", withControlMember(".zst", zstd("00", "a8"))),
                tooLarge("zst: window of 2^27 and an eighth", withControlMember(".zst", zstd("00", "89"))),
                tooLarge("zst: one segment of 2^63", withControlMember(".zst", zstd("e0", "0000000000000080"))),
                corrupt("zst: dictionary", withControlMember(".zst", zstd("01", "0001"))),
                corrupt("zst: reserved bit", withControlMember(".zst", zstd("08", "00"))),
                corrupt("zst: reserved block", withControlMember(".zst", zstd("00", "0007000000"))),
                corrupt("zst: block over 128 KiB", withControlMember(".zst", zstd("00", "00ffffff"))),
                corrupt("zst: skippable frames forever", withControlMember(".zst", skippable(10_000))),
                corrupt("zst: skippable frame first", withControlMember(".zst", joined(skippable(1), zst))),
                corrupt("zst: skippable frame behind", withControlMember(".zst", joined(zst, skippable(1)))));
    }

    private static byte[] zstd(String descriptor, String rest) {
        return HexFormat.of().parseHex("28b52ffd" + descriptor + rest + "00".repeat(40));
    }

    private static byte[] emptyBlocks(int bytes) {
        return Arrays.copyOf(HexFormat.of().parseHex("28b52ffd0000"), bytes);
    }

    private static byte[] skippable(int frames) {
        return HexFormat.of().parseHex("502a4d1804000000deadbeef".repeat(frames));
    }

    private static byte[] withDictionary(byte[] xz, int code) {
        return withBlockHeader(xz, 4, code);
    }

    /// Sets a byte in the header of the only block, and the checksum of that header with it.
    private static byte[] withBlockHeader(byte[] xz, int at, int value) {
        byte[] altered = with(xz, 12 + at, value);
        var crc = new CRC32();
        crc.update(altered, 12, 8);
        ByteBuffer.wrap(altered).order(ByteOrder.LITTLE_ENDIAN).putInt(20, (int) crc.getValue());
        return altered;
    }

    /// Each block would make the decoder take its whole dictionary again.
    static byte[] emptyXzBlocks(byte[] xz, int dictionaryCode, int blocks) {
        byte[] greedy = withDictionary(xz, dictionaryCode);
        var out = new ByteArrayOutputStream();
        out.write(greedy, 0, 12);
        for (int i = 0; i < blocks; i++) {
            out.write(greedy, 12, 12);
            out.writeBytes(new byte[1 + 3 + 8]);
        }
        return out.toByteArray();
    }

    /// Uncompressed chunks of LZMA2, the first of which resets the dictionary.
    private static byte[] tinyXzChunks(byte[] xz, int chunks) {
        var out = new ByteArrayOutputStream();
        out.write(xz, 0, 24);
        for (int i = 0; i < chunks; i++) {
            out.writeBytes(new byte[] {(byte) (i == 0 ? 1 : 2), 0, 0, 0});
        }
        return out.toByteArray();
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] altered = bytes.clone();
        altered[at] = (byte) value;
        return altered;
    }

    private static byte[] flipped(byte[] bytes, int at) {
        return with(bytes, at, bytes[at] ^ 0x55);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
