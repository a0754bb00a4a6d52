package cambium.formats.deb;

import cambium.formats.packed.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Reads a tar archive (v7, ustar, GNU and pax names) that somebody sends, in order and bounded memory: one entry must
/// be read or skipped before the next, and [#next()] skips what is left. Nothing is extracted.
/// Bounds: 64 KiB for a long name. Sizes are those of the headers; archives that override them are refused.
public final class SentTar {
    private static final int MAX_EXTENSION_BYTES = 64 * 1024;
    private static final int BLOCK = 512;

    private final InputStream in;
    private Optional<String> longName = Optional.empty();
    private long left;
    private int padding;

    /// An entry that is no folder. `isFile`: it has bytes; a link or device has none.
    ///
    /// @param name as written, without checks
    public record Entry(String name, boolean isFile, long sizeBytes, InputStream content) {}

    /// Bytes that are no such archive, or end before it does. The message is fit for whoever sent them.
    public static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;

        private Malformed(String message) {
            super(message);
        }
    }

    public SentTar(InputStream in) {
        this.in = in;
    }

    /// The next entry, or empty at the archive's end. What stands behind that is left unread.
    ///
    /// @throws Malformed when it is no such archive; another [IOException] means that the stream itself fails
    public Optional<Entry> next() throws IOException {
        try {
            while (true) {
                skip(left + padding);
                byte[] block = bytes(BLOCK);
                if (Arrays.equals(block, new byte[BLOCK])) {
                    return Optional.empty();
                }
                DataHeader header = DataHeader.parse(block);
                left = header.size();
                padding = (int) (-left & BLOCK - 1);
                switch (header.type()) {
                    case LONG_NAME -> longName = Optional.of(DataHeader.text(extension()));
                    case LONG_LINK -> extension();
                    case PAX -> longName = PaxRecords.path(extension()).or(() -> longName);
                    case FOLDER -> longName = Optional.empty();
                    case FILE, OTHER -> {
                        String name = longName.orElse(header.name());
                        longName = Optional.empty();
                        return Optional.of(new Entry(name, header.type() == DataHeader.Type.FILE, header.size(),
                                new Content()));
                    }
                }
            }
        } catch (Refusal broken) {
            throw new Malformed("not a tar archive, or one of an unusual kind");
        }
    }

    private byte[] extension() throws IOException {
        if (left > MAX_EXTENSION_BYTES) {
            throw new Malformed("a name in the tar archive is longer than " + MAX_EXTENSION_BYTES + " bytes");
        }
        byte[] bytes = bytes((int) left);
        left = 0;
        return bytes;
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw endsEarly();
        }
        return bytes;
    }

    private void skip(long bytes) throws IOException {
        byte[] bin = new byte[(int) Math.min(bytes, 64 * 1024)];
        for (long toGo = bytes; toGo > 0; ) {
            int count = in.read(bin, 0, (int) Math.min(bin.length, toGo));
            if (count < 0) {
                throw endsEarly();
            }
            toGo -= count;
        }
        left = 0;
        padding = 0;
    }

    private static Malformed endsEarly() {
        return new Malformed("the tar archive ends too early");
    }

    /// The bytes of the entry that was given last.
    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(into, from, (int) Math.min(length, left));
            if (count < 0) {
                throw endsEarly();
            }
            left -= count;
            return count;
        }
    }
}
