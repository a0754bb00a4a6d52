package cambium.formats.testing;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;

/// How a test packs the payload of an rpm.
public enum RpmPacking {
    NONE(""),
    GZ("gzip"),
    XZ("xz"),
    LZMA("lzma"),
    ZSTD("zstd"),
    /// By the program itself.
    BZ2("bzip2");

    private final String compressor;

    RpmPacking(String compressor) {
        this.compressor = compressor;
    }

    /// The word for it in the header; empty where the header says nothing.
    public String compressor() {
        return compressor;
    }

    public byte[] pack(byte[] content) {
        return switch (this) {
            case NONE -> content;
            case GZ -> Packing.GZ.pack(content);
            case XZ -> Packing.XZ.pack(content);
            case BZ2 -> Shell.piped(content, "bzip2", "-9");
            case LZMA -> lzma(content);
            case ZSTD -> Zstd.compress(content, 3);
        };
    }

    private static byte[] lzma(byte[] content) {
        try {
            var out = new ByteArrayOutputStream();
            var options = new LZMA2Options(1);
            options.setDictSize(1 << 20);
            try (var lzma = new LZMAOutputStream(out, options, -1)) {
                lzma.write(content);
            }
            return out.toByteArray();
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
    }
}
