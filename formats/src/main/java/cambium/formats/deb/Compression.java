package cambium.formats.deb;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.tukaani.xz.SingleXZInputStream;

/// The compressions that deb(5) names. The first four can be read; the last two are only recognised.
enum Compression {
    NONE("", ""),
    GZ(".gz", "1f8b08"),
    XZ(".xz", "fd377a585a00"),
    ZST(".zst", "28b52ffd"),
    BZ2(".bz2", "425a68"),
    LZMA(".lzma", "5d0000");

    /// Enough to recognise every kind: plain tar needs its whole first header.
    static final int START_BYTES = 512;

    /// Enough for the dictionary that [XzWalk] leaves, and what the decoder needs beside it.
    private static final int MAX_XZ_MEMORY_KIB = 34 * 1024;

    private final String suffix;
    private final byte[] magic;

    Compression(String suffix, String magicHex) {
        this.suffix = suffix;
        this.magic = HexFormat.of().parseHex(magicHex);
    }

    /// The compression that the name of an ar member states, for a member that starts with `stem`.
    static Optional<Compression> ofMember(String name, String stem) {
        return Arrays.stream(values()).filter(one -> name.equals(stem + one.suffix)).findFirst();
    }

    boolean readable() {
        return this != BZ2 && this != LZMA;
    }

    boolean couldStartWith(byte[] start) {
        if (this == NONE) {
            return start.length == START_BYTES && (isZero(start) || TarHeader.checksumHolds(start));
        }
        return start.length >= magic.length && Arrays.equals(magic, Arrays.copyOf(start, magic.length));
    }

    /// The content of one whole compressed stream that fills `packed` exactly; see [ExpandedStream] for the bounds.
    InputStream expand(InputStream packed) throws IOException {
        var counted = new CountedStream(packed);
        return new ExpandedStream(counted, this::open);
    }

    private InputStream open(InputStream packed) throws IOException {
        return switch (this) {
            case NONE -> packed;
            case GZ -> new GzipMember(packed);
            case XZ -> new SingleXZInputStream(new XzWalk(packed), MAX_XZ_MEMORY_KIB);
            case ZST -> new ZstdInputStreamNoFinalizer(new ZstdFrame(packed)).setLongMax(ZstdFrame.MAX_WINDOW_LOG);
            case BZ2, LZMA -> throw new IllegalStateException("asked to expand " + this + ", which is only recognised");
        };
    }

    private static boolean isZero(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }
}
