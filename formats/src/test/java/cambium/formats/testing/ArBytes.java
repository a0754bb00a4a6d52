package cambium.formats.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes an ar archive byte by byte, so that a test can make each part wrong.
public final class ArBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public ArBytes() {
        raw("!<arch>\n");
    }

    public static ArBytes withoutMagic() {
        var archive = new ArBytes();
        archive.out.reset();
        return archive;
    }

    public ArBytes raw(String ascii) {
        out.writeBytes(ascii.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    public ArBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public ArBytes member(String name, byte[] content) {
        header(name, Integer.toString(content.length));
        raw(content);
        return content.length % 2 == 0 ? this : raw("\n");
    }

    public ArBytes member(String name, String content) {
        return member(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /// A header alone, with the size field as given.
    public ArBytes header(String name, String size) {
        return raw("%-16s%-12s%-6s%-6s%-8s%-10s`\n".formatted(name, "0", "0", "0", "100644", size));
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
