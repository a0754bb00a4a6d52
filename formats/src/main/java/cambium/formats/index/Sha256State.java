package cambium.formats.index;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/// SHA-256 (FIPS 180-4) that can be stopped anywhere, written down in at most 103 bytes and taken up again later.
///
/// The JDK's own digest can be cloned but not written down, which is why this exists; where nothing has to be kept,
/// use the JDK's, which is faster. Immutable: updating gives a new state.
public final class Sha256State {
    private static final int BLOCK = 64;
    private static final int FIXED_BYTES = 8 * Integer.BYTES + Long.BYTES;
    private static final Sha256State START = new Sha256State(new int[] {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, new byte[0], 0);

    private final int[] words;
    private final byte[] tail;
    private final long length;

    private Sha256State(int[] words, byte[] tail, long length) {
        this.words = words;
        this.tail = tail;
        this.length = length;
    }

    /// The state before the first byte.
    public static Sha256State start() {
        return START;
    }

    /// Bytes taken so far.
    public long length() {
        return length;
    }

    public Sha256State update(byte[] bytes) {
        int[] next = words.clone();
        var schedule = new int[BLOCK];
        int at = 0;
        byte[] rest = tail;
        if (rest.length > 0) {
            at = Math.min(BLOCK - rest.length, bytes.length);
            rest = Arrays.copyOf(rest, rest.length + at);
            System.arraycopy(bytes, 0, rest, tail.length, at);
            if (rest.length < BLOCK) {
                return new Sha256State(next, rest, length + bytes.length);
            }
            Sha256Block.mix(next, rest, 0, schedule);
        }
        for (; at + BLOCK <= bytes.length; at += BLOCK) {
            Sha256Block.mix(next, bytes, at, schedule);
        }
        return new Sha256State(next, Arrays.copyOfRange(bytes, at, bytes.length), length + bytes.length);
    }

    /// The digest of all bytes taken so far, in lower-case hexadecimal; the state stays usable.
    public String digestHex() {
        int padded = tail.length < BLOCK - 8 ? BLOCK : 2 * BLOCK;
        byte[] last = Arrays.copyOf(tail, padded);
        last[tail.length] = (byte) 0x80;
        ByteBuffer.wrap(last).putLong(padded - 8, length * 8);
        int[] end = words.clone();
        for (int at = 0; at < padded; at += BLOCK) {
            Sha256Block.mix(end, last, at, new int[BLOCK]);
        }
        ByteBuffer digest = ByteBuffer.allocate(32);
        digest.asIntBuffer().put(end);
        return HexFormat.of().formatHex(digest.array());
    }

    /// 40 to 103 bytes; [#fromBytes(byte[])] takes them up again.
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + tail.length);
        for (int word : words) {
            out.putInt(word);
        }
        return out.putLong(length).put(tail).array();
    }

    /// @throws IllegalArgumentException when the bytes are not a written state
    public static Sha256State fromBytes(byte[] written) {
        ByteBuffer in = ByteBuffer.wrap(written);
        if (written.length < FIXED_BYTES) {
            throw new IllegalArgumentException("a written SHA-256 state of only " + written.length + " bytes");
        }
        int[] words = new int[8];
        for (int i = 0; i < words.length; i++) {
            words[i] = in.getInt();
        }
        long length = in.getLong();
        if (length < 0 || in.remaining() != length % BLOCK) {
            throw new IllegalArgumentException("a written SHA-256 state whose tail is of the wrong length");
        }
        byte[] tail = new byte[in.remaining()];
        in.get(tail);
        return new Sha256State(words, tail, length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sha256State that && length == that.length && Arrays.equals(words, that.words)
                && Arrays.equals(tail, that.tail);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return "Sha256State[after " + length + " bytes]";
    }
}
