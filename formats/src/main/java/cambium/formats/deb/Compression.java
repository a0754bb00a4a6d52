package cambium.formats.deb;

import cambium.formats.packed.PackedForm;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// The compressions that deb(5) names. A control archive may have one of the first four; bz2 and lzma occur on old
/// data archives and are read there.
enum Compression {
    NONE("", PackedForm.NONE),
    GZ(".gz", PackedForm.GZ),
    XZ(".xz", PackedForm.XZ),
    ZST(".zst", PackedForm.ZST),
    BZ2(".bz2", PackedForm.BZ2),
    LZMA(".lzma", PackedForm.LZMA);

    /// Enough to recognise every kind: plain tar needs its whole first header.
    static final int START_BYTES = 512;

    private final String suffix;
    private final PackedForm form;

    Compression(String suffix, PackedForm form) {
        this.suffix = suffix;
        this.form = form;
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
        return form.couldStartWith(start);
    }

    /// The content of one whole compressed stream that fills `packed` exactly; see [PackedForm] for the bounds.
    InputStream expand(InputStream packed, ArchivePart part) throws IOException {
        return form.expand(packed, part);
    }

    private static boolean isZero(byte[] bytes) {
        return Arrays.equals(bytes, new byte[bytes.length]);
    }
}
