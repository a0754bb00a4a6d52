package cambium.formats.deb;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.SingleXZInputStream;

/// The compressions that deb(5) names. A control archive may have one of the first four; lzma occurs on old data
/// archives and is read there; bz2 is only recognised.
enum Compression {
    NONE("", ""),
    GZ(".gz", "1f8b08"),
    XZ(".xz", "fd377a585a00"),
    ZST(".zst", "28b52ffd"),
    BZ2(".bz2", "425a68"),
    LZMA(".lzma", "5d0000");

    /// Enough to recognise every kind: plain tar needs its whole first header.
    static final int START_BYTES = 512;

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

    boolean readableAsControl() {
        return this != BZ2 && this != LZMA;
    }

    boolean couldStartWith(byte[] start) {
        if (this == NONE) {
            return start.length == START_BYTES && (isZero(start) || TarHeader.checksumHolds(start));
        }
        return start.length >= magic.length && Arrays.equals(magic, Arrays.copyOf(start, magic.length));
    }

    /// The content of one whole compressed stream that fills `packed` exactly; see [ExpandedStream] for the bounds.
    InputStream expand(InputStream packed, ArchivePart part) throws IOException {
        return new ExpandedStream(part, new CountedStream(packed), counted -> open(counted, part));
    }

    private InputStream open(InputStream packed, ArchivePart part) throws IOException {
        return switch (this) {
            case NONE -> packed;
            case GZ -> new GzipMember(packed, part);
            case XZ -> new SingleXZInputStream(new XzWalk(packed, part), part.maxXzMemoryKib());
            case ZST ->
                new ZstdInputStreamNoFinalizer(new ZstdFrame(packed, part)).setLongMax(ZstdFrame.MAX_WINDOW_LOG);
            case LZMA -> new LZMAInputStream(new BufferedInputStream(packed), part.maxXzMemoryKib());
            case BZ2 -> throw part.unusual("is compressed with bzip2, which is only recognised");
        };
    }

    private static boolean isZero(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }
}
