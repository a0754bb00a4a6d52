package cambium.formats.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Writes a tar archive byte by byte, so that a test can make each part wrong.
public final class TarBytes {
    private static final int BLOCK = 512;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public TarBytes file(String name, byte[] content) {
        return file(name, content, 0644);
    }

    public TarBytes file(String name, byte[] content, int mode) {
        return entry(name, '0', mode, content, header -> {});
    }

    public TarBytes file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public TarBytes folder(String name) {
        return entry(name, '5', 0755, new byte[0], header -> {});
    }

    public TarBytes entry(String name, char type, byte[] content) {
        return entry(name, type, 0644, content, header -> {});
    }

    /// An entry whose header is altered before its checksum is made.
    public TarBytes entry(String name, char type, int mode, byte[] content, Consumer<byte[]> alteration) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "%07o\0".formatted(mode));
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, "%011o\0".formatted(content.length));
        put(header, 136, "00000000000\0");
        header[156] = (byte) type;
        put(header, 257, "ustar\0" + "00");
        put(header, 265, "root");
        put(header, 297, "root");
        alteration.accept(header);
        checksum(header);
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & BLOCK - 1]);
        return this;
    }

    /// A pax header with one record.
    public TarBytes pax(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.length() + 1;
        while (Integer.toString(length).length() + rest.length() != length) {
            length = Integer.toString(length).length() + rest.length();
        }
        return entry("PaxHeaders/x", 'x', (length + rest).getBytes(StandardCharsets.UTF_8));
    }

    public TarBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /// The archive with its two zero blocks.
    public byte[] toBytes() {
        raw(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    /// The archive as it stands, without an end.
    public byte[] unclosed() {
        return out.toByteArray();
    }

    public static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static void checksum(byte[] header) {
        put(header, 148, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
    }
}
