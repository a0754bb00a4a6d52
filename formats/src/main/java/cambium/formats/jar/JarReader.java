package cambium.formats.jar;

import cambium.formats.ParseResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Finds the coordinates of a jar, war or aar in the one `META-INF/maven/…/pom.properties` that it holds. Nothing else
/// is unpacked: its table of contents is read, of at most 16 MiB, and that file, of at most 64 KiB. A jar with the
/// files of several, as shading makes them, does not say which it is. The form is that of PKWARE's APPNOTE 6.3, 4.3.
public final class JarReader {
    private static final int MAX_CONTENTS_BYTES = 16 << 20;
    private static final int MAX_FILE_BYTES = 64 << 10;
    private static final int MAX_COMMENT_BYTES = 0xFFFF;

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final Pattern WANTED = Pattern.compile("META-INF/maven/(?:[^/]+/)+pom\\.properties");

    private final JarBytes jar;

    private JarReader(JarBytes jar) {
        this.jar = jar;
    }

    private record Entry(int method, long packedBytes, long bytes, long at) {}

    /// `jar` has `sizeBytes`. Whatever is wrong with it is a reason why its coordinates are not known.
    public static ParseResult<JarCoordinates> coordinates(JarBytes jar, long sizeBytes) throws IOException {
        return new JarReader(jar).coordinates(sizeBytes);
    }

    private ParseResult<JarCoordinates> coordinates(long sizeBytes) throws IOException {
        Optional<List<Entry>> found = contents(sizeBytes);
        if (found.isEmpty()) {
            return unknown("the jar's table of contents cannot be read");
        }
        if (found.get().size() != 1) {
            return unknown("the jar holds " + (found.get().isEmpty() ? "no" : "more than one")
                    + " META-INF/maven/*/*/pom.properties");
        }
        Properties properties = new Properties();
        try {
            properties.load(new ByteArrayInputStream(unpacked(found.get().getFirst())));
        } catch (DataFormatException | IllegalArgumentException broken) {
            return unknown("the jar's pom.properties cannot be read");
        }
        var read = new JarCoordinates(properties.getProperty("groupId", ""),
                properties.getProperty("artifactId", ""), properties.getProperty("version", ""));
        return read.group().isBlank() || read.artifact().isBlank() || read.version().isBlank()
                ? unknown("the jar's pom.properties lacks groupId, artifactId or version")
                : new ParseResult.Parsed<>(read);
    }

    private static ParseResult<JarCoordinates> unknown(String reason) {
        return new ParseResult.Malformed<>("coordinates_missing", reason, Optional.empty());
    }

    /// Those of its entries that are wanted, two at most; empty when there is no table that can be read.
    private Optional<List<Entry>> contents(long sizeBytes) throws IOException {
        int tailBytes = (int) Math.min(sizeBytes, END_BYTES + MAX_COMMENT_BYTES);
        ByteBuffer tail = bytes(sizeBytes - tailBytes, tailBytes);
        int end = tail.limit() - END_BYTES;
        while (end >= 0 && (tail.getInt(end) != END || end + END_BYTES + number(tail, end + 20) != tail.limit())) {
            end--;
        }
        if (end < 0) {
            return Optional.empty();
        }
        long length = size(tail, end + 12);
        return length > MAX_CONTENTS_BYTES ? Optional.empty()
                : wanted(bytes(size(tail, end + 16), (int) length), length);
    }

    private static Optional<List<Entry>> wanted(ByteBuffer table, long length) {
        if (table.limit() != length) {
            return Optional.empty();
        }
        var found = new ArrayList<Entry>();
        for (int at = 0; at < table.limit() && found.size() < 2;) {
            if (at + ENTRY_BYTES > table.limit() || table.getInt(at) != ENTRY) {
                return Optional.empty();
            }
            int nameBytes = number(table, at + 28);
            int next = at + ENTRY_BYTES + nameBytes + number(table, at + 30) + number(table, at + 32);
            if (next > table.limit()) {
                return Optional.empty();
            }
            var name = new String(table.array(), at + ENTRY_BYTES, nameBytes, StandardCharsets.UTF_8);
            if (WANTED.matcher(name).matches()) {
                found.add(new Entry(number(table, at + 10), size(table, at + 20), size(table, at + 24),
                        size(table, at + 42)));
            }
            at = next;
        }
        return Optional.of(found);
    }

    private byte[] unpacked(Entry entry) throws IOException, DataFormatException {
        ByteBuffer header = bytes(entry.at(), LOCAL_BYTES);
        if (entry.bytes() > MAX_FILE_BYTES || entry.packedBytes() > MAX_FILE_BYTES || header.limit() < LOCAL_BYTES
                || header.getInt(0) != LOCAL) {
            throw new DataFormatException();
        }
        byte[] packed = jar.at(entry.at() + LOCAL_BYTES + number(header, 26) + number(header, 28),
                (int) entry.packedBytes());
        return switch (entry.method()) {
            case STORED -> packed;
            case DEFLATED -> inflated(packed, (int) entry.bytes());
            default -> throw new DataFormatException();
        };
    }

    private static byte[] inflated(byte[] packed, int bytes) throws DataFormatException {
        try (var inflater = new Inflater(true)) {
            inflater.setInput(packed);
            var content = new byte[bytes];
            if (inflater.inflate(content) != bytes) {
                throw new DataFormatException();
            }
            return content;
        }
    }

    private ByteBuffer bytes(long offset, int length) throws IOException {
        return ByteBuffer.wrap(jar.at(offset, length)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int number(ByteBuffer from, int at) {
        return Short.toUnsignedInt(from.getShort(at));
    }

    private static long size(ByteBuffer from, int at) {
        return Integer.toUnsignedLong(from.getInt(at));
    }
}
