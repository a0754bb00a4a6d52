package cambium.server.repository;

import cambium.server.blob.BlobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// Which blob stands behind a name, for very many names in little memory: 48 bytes of a table that is at most two
/// thirds full. Names are known by 128 bits of their SHA-256. Safe for many threads.
final class PoolTable {
    private static final int KEY_BYTES = 16;
    private static final int ENTRY_BYTES = KEY_BYTES + 32;
    private static final int FIRST_PLACES = 64;
    private static final String NOTHING = "0".repeat(64);

    private byte[] entries = new byte[FIRST_PLACES * ENTRY_BYTES];
    private boolean[] taken = new boolean[FIRST_PLACES];
    private int size;

    synchronized int size() {
        return size;
    }

    synchronized void put(String name, BlobId blob) {
        if ((size + 1) * 3L > taken.length * 2L) {
            grow();
        }
        byte[] key = key(name);
        int place = place(key);
        if (!taken[place]) {
            size++;
        }
        taken[place] = true;
        System.arraycopy(key, 0, entries, place * ENTRY_BYTES, KEY_BYTES);
        System.arraycopy(HexFormat.of().parseHex(blob.sha256()), 0, entries, place * ENTRY_BYTES + KEY_BYTES, 32);
    }

    synchronized Optional<BlobId> find(String name) {
        int place = place(key(name));
        if (!taken[place]) {
            return Optional.empty();
        }
        int from = place * ENTRY_BYTES + KEY_BYTES;
        String sha256 = HexFormat.of().formatHex(entries, from, from + 32);
        return sha256.equals(NOTHING) ? Optional.empty() : Optional.of(new BlobId(sha256));
    }

    /// Its place stays taken.
    synchronized void remove(String name) {
        int place = place(key(name));
        if (taken[place]) {
            int from = place * ENTRY_BYTES + KEY_BYTES;
            Arrays.fill(entries, from, from + 32, (byte) 0);
        }
    }

    /// Where the key is, or where it would go.
    private int place(byte[] key) {
        int place = (int) (ByteBuffer.wrap(key).getLong() >>> 1) & (taken.length - 1);
        while (taken[place] && !Arrays.equals(entries, place * ENTRY_BYTES, place * ENTRY_BYTES + KEY_BYTES, key, 0,
            KEY_BYTES)) {
            place = (place + 1) & (taken.length - 1);
        }
        return place;
    }

    private void grow() {
        byte[] before = entries;
        boolean[] were = taken;
        entries = new byte[before.length * 2];
        taken = new boolean[were.length * 2];
        for (int i = 0; i < were.length; i++) {
            if (were[i]) {
                int place = place(Arrays.copyOfRange(before, i * ENTRY_BYTES, i * ENTRY_BYTES + KEY_BYTES));
                taken[place] = true;
                System.arraycopy(before, i * ENTRY_BYTES, entries, place * ENTRY_BYTES, ENTRY_BYTES);
            }
        }
    }

    private static byte[] key(String name) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)),
                KEY_BYTES);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
