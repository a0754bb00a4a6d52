package cambium.formats.index;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.SingleXZInputStream;
import org.tukaani.xz.UnsupportedOptionsException;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/// Compresses a run of stanzas into the fragments from which whole files are put together.
///
/// gz: a deflate fragment that ends with a *full* flush, so it refers to nothing outside and ends on a byte. xz: the
/// one block of a stream made for it, with a CRC32 check and a dictionary no larger than the run, so that clients
/// need little memory. Both are decoded once and compared before anything may depend on them.
public final class ChunkEncoder {
    private static final int GZ_LEVEL = 6;
    /// A quarter of the time for a fifth more bytes: right for chunks that soon merge into larger ones.
    private static final int XZ_PRESET_OF_THE_TAIL = 3;
    /// For the others: half to two thirds of the time of preset 6 for 3 % more bytes of Debian's own index, 8 % more of
    /// one whose lines repeat less. Preset 4 takes as long for 5 and 8 %.
    private static final int XZ_PRESET = 6;
    private static final int XZ_MATCHES_LOOKED_AT = 8;
    private static final int TAIL_BYTES = 256 << 10;

    private ChunkEncoder() {}

    /// In all forms.
    public static EncodedChunk encode(byte[] raw) {
        return encode(raw, EnumSet.allOf(IndexForm.class));
    }

    /// @param raw at least one whole stanza, each ended by a blank line; at most [Chunk#MAX_RAW_BYTES]
    /// @param forms xz costs most by far, and is left out unless it is among them
    public static EncodedChunk encode(byte[] raw, Set<IndexForm> forms) {
        int stanzas = Stanzas.ends(raw).size();
        if (raw.length < 1 || raw.length > Chunk.MAX_RAW_BYTES) {
            throw new IllegalArgumentException("a chunk of " + raw.length + " bytes");
        }
        byte[] gz = deflate(raw);
        XzBlock xz = forms.contains(IndexForm.XZ) ? xz(raw) : XzBlock.NONE;
        var chunk = new Chunk(sha256Hex(raw), raw.length, stanzas, Stanzas.lines(raw), crc32(raw), gz.length,
                xz.bytes().length, xz.unpaddedSize());
        var encoded = new EncodedChunk(chunk, raw, gz, xz.bytes());
        checkDecodes(encoded);
        return encoded;
    }

    static int crc32(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    static String sha256Hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every JDK has SHA-256", never);
        }
    }

    private static byte[] deflate(byte[] raw) {
        try (var deflater = new Deflater(GZ_LEVEL, true)) {
            deflater.setInput(raw);
            byte[] fragment = new byte[raw.length + raw.length / 100 + 128];
            int length = deflater.deflate(fragment, 0, fragment.length, Deflater.FULL_FLUSH);
            if (length == fragment.length) {
                throw new IllegalStateException("deflate made " + raw.length + " bytes larger than it ever does");
            }
            return Arrays.copyOf(fragment, length);
        }
    }

    private static XzBlock xz(byte[] raw) {
        try {
            LZMA2Options options = raw.length < TAIL_BYTES ? new LZMA2Options(XZ_PRESET_OF_THE_TAIL) : quick();
            // Text is not aligned to anything.
            options.setPb(0);
            int dictionary = Math.max(LZMA2Options.DICT_SIZE_MIN, Integer.highestOneBit(raw.length - 1) << 1);
            options.setDictSize(dictionary);
            var whole = new ByteArrayOutputStream(raw.length / 3 + 128);
            try (var out = new XZOutputStream(whole, options, XZ.CHECK_CRC32)) {
                out.write(raw);
            }
            return XzBlock.onlyOneOf(whole.toByteArray());
        } catch (IOException never) {
            throw new IllegalStateException("compressing in memory failed", never);
        }
    }

    private static LZMA2Options quick() throws UnsupportedOptionsException {
        var options = new LZMA2Options(XZ_PRESET);
        options.setMatchFinder(LZMA2Options.MF_HC4);
        options.setDepthLimit(XZ_MATCHES_LOOKED_AT);
        return options;
    }

    private static void checkDecodes(EncodedChunk encoded) {
        byte[] raw = encoded.raw();
        if (!Arrays.equals(raw, inflate(encoded.gz(), raw.length))) {
            throw new IllegalStateException("the gz form of chunk " + encoded.chunk().sha256OfRaw() + " is wrong");
        }
        if (encoded.chunk().xzLength() > 0 && !Arrays.equals(raw, unxz(encoded))) {
            throw new IllegalStateException("the xz form of chunk " + encoded.chunk().sha256OfRaw() + " is wrong");
        }
    }

    private static byte[] inflate(byte[] fragment, int rawLength) {
        try (var inflater = new Inflater(true)) {
            inflater.setInput(fragment);
            byte[] raw = new byte[rawLength + 1];
            int length = inflater.inflate(raw);
            boolean whole = inflater.getRemaining() == 0 && !inflater.finished();
            return whole ? Arrays.copyOf(raw, length) : new byte[0];
        } catch (DataFormatException broken) {
            throw new IllegalStateException("a deflate fragment of our own cannot be read", broken);
        }
    }

    private static byte[] unxz(EncodedChunk encoded) {
        var file = new ByteArrayOutputStream();
        file.writeBytes(XzFraming.header());
        file.writeBytes(encoded.xz());
        var index = new XzFraming.Index();
        index.add(encoded.chunk());
        file.writeBytes(index.trailer());
        try (var in = new SingleXZInputStream(new ByteArrayInputStream(file.toByteArray()))) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new IllegalStateException("an xz block of our own cannot be read", broken);
        }
    }
}
