package cambium.formats.deb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Reads a control archive: regular files and folders with short relative names, nothing else.
///
/// Links, devices, sparse files and long-name extensions have no business in a control archive and are refused, as
/// are pax records that would change what the plain header says. Nothing is ever extracted. See deb(5), POSIX pax.
final class TarReader {
    static final int MAX_ENTRIES = 9_000;
    private static final int MAX_PAX_BYTES = 64 * 1024;
    private static final int BLOCK = 512;

    private final InputStream in;
    private final Set<String> names = new HashSet<>();
    private int headers;
    private long left;
    private int padding;

    /// @param name without a leading `./`; empty for the top folder
    record Entry(String name, boolean folder, long size) {}

    TarReader(InputStream in) {
        this.in = in;
    }

    /// The next file or folder, or empty after a proper end of the archive.
    Optional<Entry> next() throws IOException {
        while (true) {
            skip(left + padding);
            byte[] block = block();
            if (isZero(block)) {
                expectEnd();
                return Optional.empty();
            }
            if (++headers > MAX_ENTRIES) {
                throw MalformedDeb.structure("the control archive has more than " + MAX_ENTRIES + " entries");
            }
            TarHeader header = TarHeader.parse(block);
            left = header.size();
            padding = (int) (-left & BLOCK - 1);
            switch (header.type()) {
                case PAX -> PaxRecords.check(content(MAX_PAX_BYTES, "a pax header"));
                case FILE, FOLDER -> {
                    return Optional.of(entry(header));
                }
            }
        }
    }

    /// The rest of the current entry, refused as too large when it is over the limit.
    byte[] content(int maxBytes, String what) throws IOException {
        if (left > maxBytes) {
            throw MalformedDeb.tooLarge(what + " is larger than " + maxBytes + " bytes");
        }
        byte[] bytes = in.readNBytes((int) left);
        if (bytes.length < left) {
            throw endsEarly();
        }
        left = 0;
        return bytes;
    }

    private Entry entry(TarHeader header) throws MalformedDeb {
        String name = header.name();
        boolean folder = header.type() == TarHeader.Type.FOLDER;
        if (folder && header.size() != 0) {
            throw MalformedDeb.structure("a folder of the control archive has content");
        }
        if (!names.add(name)) {
            throw MalformedDeb.structure("the control archive holds " + shown(name) + " twice");
        }
        return new Entry(name, folder, header.size());
    }

    private static String shown(String name) {
        return name.isEmpty() ? "its top folder" : name;
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(BLOCK);
        if (block.length < BLOCK) {
            throw endsEarly();
        }
        return block;
    }

    private void expectEnd() throws IOException {
        if (!isZero(block())) {
            throw MalformedDeb.structure("the control archive has a lone zero block");
        }
        byte[] rest = new byte[8 * 1024];
        for (int count = in.read(rest); count >= 0; count = in.read(rest)) {
            if (!isZero(Arrays.copyOf(rest, count))) {
                throw MalformedDeb.structure("the control archive has something after its end");
            }
        }
    }

    private void skip(long bytes) throws IOException {
        byte[] bin = new byte[(int) Math.min(bytes, 16 * 1024)];
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

    private static MalformedDeb endsEarly() {
        return MalformedDeb.structure("the control archive ends too early");
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    static String ascii(byte[] block, int from, int length) {
        int end = from;
        while (end < from + length && block[end] != 0) {
            end++;
        }
        return new String(block, from, end - from, StandardCharsets.ISO_8859_1);
    }
}
