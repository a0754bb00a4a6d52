package cambium.formats.packed;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.tukaani.xz.SingleXZInputStream;

/// The ways in which packages are compressed. All are expanded.
public enum PackedForm {
    NONE(""),
    GZ("1f8b08"),
    XZ("fd377a585a00"),
    ZST("28b52ffd"),
    BZ2("425a68"),
    LZMA("5d0000");

    private final byte[] magic;

    PackedForm(String magicHex) {
        this.magic = HexFormat.of().parseHex(magicHex);
    }

    /// Whether a stream that starts so may be of this form; for [#NONE], every one.
    public boolean couldStartWith(byte[] start) {
        return start.length >= magic.length && Arrays.equals(magic, Arrays.copyOf(start, magic.length));
    }

    /// The content of one whole compressed stream that fills `packed` exactly, within the bounds of its part; after
    /// 10 MiB at most 200 bytes for each byte that went in. Throws the part's refusals, those that come out of
    /// `packed`, and nothing else.
    public InputStream expand(InputStream packed, PackedPart part) throws IOException {
        return new ExpandedStream(part, new CountedStream(packed), counted -> open(counted, part));
    }

    private InputStream open(InputStream packed, PackedPart part) throws IOException {
        return switch (this) {
            case NONE -> packed;
            case GZ -> new GzipMember(packed, part);
            case XZ -> new SingleXZInputStream(new XzWalk(packed, part), part.maxXzMemoryKib());
            case ZST ->
                new ZstdInputStreamNoFinalizer(new ZstdFrame(packed, part)).setLongMax(ZstdFrame.MAX_WINDOW_LOG);
            case LZMA -> LzmaStream.open(packed, part);
            case BZ2 -> new Bzip2Stream(packed, part);
        };
    }
}
