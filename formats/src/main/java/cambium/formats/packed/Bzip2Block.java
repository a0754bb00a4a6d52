package cambium.formats.packed;

import java.io.IOException;
import java.util.Arrays;

/// One block of a bzip2 stream: Huffman codes, move-to-front, and the inverse of the Burrows-Wheeler transform. It is
/// used again for each block.
final class Bzip2Block {
    private static final int MAX_TABLES = 6;
    private static final int MAX_CODE_BITS = 20;
    private static final int MAX_SYMBOLS = 258;
    private static final int SYMBOLS_PER_SELECTOR = 50;
    private static final int MAX_SELECTORS = 1 << 15;

    private final Bzip2Bits bits;
    private final PackedPart part;
    /// Of each byte its value and, above it, the place of the one that follows it.
    private final int[] entries;
    private final int[] counts = new int[257];
    private final int[] front = new int[256];
    private final byte[] selectors = new byte[MAX_SELECTORS];
    private final int[][] limits = new int[MAX_TABLES][MAX_CODE_BITS + 2];
    private final int[][] bases = new int[MAX_TABLES][MAX_CODE_BITS + 2];
    private final int[][] symbols = new int[MAX_TABLES][MAX_SYMBOLS];
    private final int[] lengths = new int[MAX_SYMBOLS];
    private int length;

    Bzip2Block(Bzip2Bits bits, PackedPart part, int maxBytes) {
        this.bits = bits;
        this.part = part;
        this.entries = new int[maxBytes];
    }

    int length() {
        return length;
    }

    int entry(int at) {
        return entries[at];
    }

    /// Reads what follows a block's checksum, and gives the place of its first byte.
    int read() throws IOException {
        if (bits.takeFlag()) {
            throw part.unusual("is of a bzip2 older than 0.9.5");
        }
        int origin = bits.take(24);
        int used = readUsed();
        int tables = bits.take(3);
        int selected = bits.take(15);
        if (used == 0 || tables < 2 || tables > MAX_TABLES || selected == 0) {
            throw broken();
        }
        readSelectors(tables, selected);
        for (int table = 0; table < tables; table++) {
            readTable(table, used + 2);
        }
        Arrays.fill(counts, 0);
        readSymbols(used, selected);
        if (origin >= length) {
            throw broken();
        }
        link();
        return entries[origin] >>> 8;
    }

    /// The bytes that occur, in the order in which they stand before the first is moved.
    private int readUsed() throws IOException {
        int groups = bits.take(16);
        int used = 0;
        for (int group = 0; group < 16; group++) {
            int members = (groups >> 15 - group & 1) == 1 ? bits.take(16) : 0;
            for (int member = 0; member < 16; member++) {
                if ((members >> 15 - member & 1) == 1) {
                    front[used++] = group * 16 + member;
                }
            }
        }
        return used;
    }

    private void readSelectors(int tables, int selected) throws IOException {
        byte[] recent = {0, 1, 2, 3, 4, 5};
        for (int i = 0; i < selected; i++) {
            int place = 0;
            while (bits.takeFlag()) {
                if (++place == tables) {
                    throw broken();
                }
            }
            byte table = recent[place];
            System.arraycopy(recent, 0, recent, 1, place);
            recent[0] = table;
            selectors[i] = table;
        }
    }

    /// The canonical code of the lengths that are stated: of each length the last code, and where its symbols stand.
    private void readTable(int table, int alphabet) throws IOException {
        int bitsOfOne = bits.take(5);
        int[] perLength = new int[MAX_CODE_BITS + 1];
        for (int symbol = 0; symbol < alphabet; symbol++) {
            while (true) {
                if (bitsOfOne < 1 || bitsOfOne > MAX_CODE_BITS) {
                    throw broken();
                }
                if (!bits.takeFlag()) {
                    break;
                }
                bitsOfOne += bits.takeFlag() ? -1 : 1;
            }
            lengths[symbol] = bitsOfOne;
            perLength[bitsOfOne]++;
        }
        int code = 0;
        int place = 0;
        for (int size = 1; size <= MAX_CODE_BITS; size++) {
            bases[table][size] = place - code;
            for (int symbol = 0; symbol < alphabet; symbol++) {
                if (lengths[symbol] == size) {
                    symbols[table][place++] = symbol;
                }
            }
            code += perLength[size];
            limits[table][size] = code - 1;
            code <<= 1;
        }
        Arrays.fill(symbols[table], place, MAX_SYMBOLS, MAX_SYMBOLS);
    }

    private int symbol(int table) throws IOException {
        // The end of a stream is longer than a code, so there are always as many bits to look at.
        int ahead = bits.peek(MAX_CODE_BITS);
        for (int size = 1; size <= MAX_CODE_BITS; size++) {
            int code = ahead >> MAX_CODE_BITS - size;
            if (code <= limits[table][size]) {
                bits.take(size);
                int place = bases[table][size] + code;
                if (place >= 0 && place < MAX_SYMBOLS && symbols[table][place] < MAX_SYMBOLS) {
                    return symbols[table][place];
                }
                throw broken();
            }
        }
        throw broken();
    }

    /// Symbols 0 and 1 are digits of a run of the frontmost byte, lowest first; the last symbol ends the block.
    private void readSymbols(int used, int selected) throws IOException {
        length = 0;
        long run = 0;
        long digit = 1;
        for (int i = 0; ; i++) {
            if (i / SYMBOLS_PER_SELECTOR >= selected) {
                throw broken();
            }
            int symbol = symbol(selectors[i / SYMBOLS_PER_SELECTOR]);
            if (symbol <= 1) {
                run += digit << symbol;
                digit <<= 1;
                if (run > entries.length) {
                    throw broken();
                }
                continue;
            }
            put(front[0], (int) run);
            run = 0;
            digit = 1;
            if (symbol == used + 1) {
                return;
            }
            int value = front[symbol - 1];
            System.arraycopy(front, 0, front, 1, symbol - 1);
            front[0] = value;
            put(value, 1);
        }
    }

    private void put(int value, int times) throws IOException {
        if (times > entries.length - length) {
            throw broken();
        }
        Arrays.fill(entries, length, length + times, value);
        counts[value + 1] += times;
        length += times;
    }

    private void link() {
        for (int value = 1; value < counts.length; value++) {
            counts[value] += counts[value - 1];
        }
        for (int i = 0; i < length; i++) {
            entries[counts[entries[i] & 0xff]++] |= i << 8;
        }
    }

    private Refusal broken() {
        return part.corrupt("is a broken bzip2 stream");
    }
}
