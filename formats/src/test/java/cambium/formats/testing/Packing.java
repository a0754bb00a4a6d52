package cambium.formats.testing;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// How a test packs an archive inside a .deb.
public enum Packing {
    NONE(""),
    GZ(".gz"),
    XZ(".xz"),
    ZST(".zst");

    private final String suffix;

    Packing(String suffix) {
        this.suffix = suffix;
    }

    public String suffix() {
        return suffix;
    }

    public byte[] pack(byte[] content) {
        try {
            return switch (this) {
                case NONE -> content;
                case GZ -> gz(content);
                case XZ -> xz(content, Math.max(4096, Integer.highestOneBit(content.length) * 2));
                case ZST -> Zstd.compress(content, 3);
            };
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
    }

    public static byte[] xz(byte[] content, int dictionaryBytes) throws IOException {
        var out = new ByteArrayOutputStream();
        var options = new LZMA2Options(1);
        options.setDictSize(Math.min(dictionaryBytes, LZMA2Options.DICT_SIZE_MAX));
        try (var xz = new XZOutputStream(out, options, org.tukaani.xz.XZ.CHECK_CRC64)) {
            xz.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] gz(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gz = new GZIPOutputStream(out)) {
            gz.write(content);
        }
        return out.toByteArray();
    }
}
