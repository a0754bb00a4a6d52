package cambium.formats.packed;

import java.io.IOException;
import java.io.InputStream;

/// A bzip2 stream as bits, the highest of each byte first.
final class Bzip2Bits {
    /// Of the CRC-32 whose polynomial is 0x04c11db7, highest bit first.
    static final int[] CRC = crcTable();

    private final PackedBytes in;
    private long held;
    private int heldBits;

    Bzip2Bits(InputStream in, PackedPart part) {
        this.in = new PackedBytes(in, part);
    }

    private static int[] crcTable() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc < 0 ? crc << 1 ^ 0x04c11db7 : crc << 1;
            }
            table[i] = crc;
        }
        return table;
    }

    /// At most 24 bits.
    int take(int count) throws IOException {
        int taken = peek(count);
        heldBits -= count;
        return taken;
    }

    /// The next bits, which are still to be taken.
    int peek(int count) throws IOException {
        while (heldBits < count) {
            held = held << 8 | in.next();
            heldBits += 8;
        }
        return (int) (held >>> heldBits - count) & (1 << count) - 1;
    }

    int takeInt() throws IOException {
        return take(16) << 16 | take(16);
    }

    boolean takeFlag() throws IOException {
        return take(1) == 1;
    }

    /// What is left of the last byte is padding.
    void expectEnd() throws IOException {
        in.expectEnd();
    }
}
