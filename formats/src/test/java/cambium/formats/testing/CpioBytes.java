package cambium.formats.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Builds the cpio archive ("new ASCII", 070701) inside an rpm, right or wrong.
public final class CpioBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int inode;

    public CpioBytes file(String path, int mode, byte[] content) {
        String name = path + "\0";
        header("070701", ++inode, mode, content.length, name.length());
        return text(name).pad().bytes(content).pad();
    }

    /// As rpm 6 names a file: by its number in the header.
    public CpioBytes numbered(int number, byte[] content) {
        return text("07070X%08x".formatted(number)).pad().bytes(content).pad();
    }

    public CpioBytes trailer() {
        header("070701", 0, 0, 0, 11);
        return text("TRAILER!!!\0").pad();
    }

    /// A header as it comes, right or wrong; the sizes as the archive will state them.
    public CpioBytes header(String magic, int inode, int mode, long size, long nameBytes) {
        return text(magic + "%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x".formatted(
                inode, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, nameBytes, 0));
    }

    public CpioBytes text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public CpioBytes bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public CpioBytes pad() {
        while (out.size() % 4 != 0) {
            out.write(0);
        }
        return this;
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
