package cambium.formats.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class Sha256StatePropertyTest {
    private static final long SEED = 20261122;

    @Test
    void equalsTheDigestOfTheJdkWhereverItIsStoppedAndTakenUpAgain() {
        var random = new Random(SEED);
        for (int run = 0; run < 3_000; run++) {
            byte[] bytes = new byte[random.nextInt(run % 10 == 0 ? 20_000 : 300)];
            random.nextBytes(bytes);
            var state = Sha256State.start();
            for (int at = 0; at < bytes.length; ) {
                int end = Math.min(bytes.length, at + random.nextInt(150));
                state = state.update(Arrays.copyOfRange(bytes, at, end));
                byte[] written = state.toBytes();
                assertTrue(written.length <= 103, "a state of " + written.length + " bytes");
                state = Sha256State.fromBytes(written);
                at = end;
            }
            assertEquals(bytes.length, state.length());
            assertEquals(ChunkEncoder.sha256Hex(bytes), state.digestHex(), bytes.length + " bytes, seed " + SEED);
            assertEquals(state.digestHex(), state.digestHex(), "asking twice");
        }
    }

    @Test
    void updatingLeavesTheOldStateAsItWas() {
        var before = Sha256State.start().update(new byte[70]);
        String digest = before.digestHex();
        before.update(new byte[200]);
        assertEquals(digest, before.digestHex());
        assertEquals(before, Sha256State.fromBytes(before.toBytes()));
    }

    @Test
    void refusesBytesThatAreNoState() {
        byte[] written = Sha256State.start().update(new byte[10]).toBytes();
        assertThrows(IllegalArgumentException.class, () -> Sha256State.fromBytes(new byte[39]));
        assertThrows(IllegalArgumentException.class, () -> Sha256State.fromBytes(Arrays.copyOf(written, 49)));
        assertThrows(IllegalArgumentException.class, () -> Sha256State.fromBytes(Arrays.copyOf(written, 51)));
    }

    @Test
    void combinesChecksumsAsIfTheBytesHadStoodTogether() {
        var random = new Random(SEED);
        for (int run = 0; run < 2_000; run++) {
            byte[] whole = new byte[random.nextInt(5_000)];
            random.nextBytes(whole);
            int cut = random.nextInt(whole.length + 1);
            int first = crc32(whole, 0, cut);
            int second = crc32(whole, cut, whole.length - cut);
            assertEquals(crc32(whole, 0, whole.length), Crc32Combination.combine(first, second, whole.length - cut),
                    "cut at " + cut + " of " + whole.length + ", seed " + SEED);
        }
    }

    @Test
    void combinesChecksumsOverMoreThanFourGibibytes() {
        byte[] mebibyte = new byte[1 << 20];
        int one = crc32(mebibyte, 0, mebibyte.length);
        int doubled = one;
        long length = mebibyte.length;
        while (length < 8L << 30) {
            doubled = Crc32Combination.combine(doubled, doubled, length);
            length *= 2;
        }
        int stepwise = one;
        for (long at = mebibyte.length; at < length; at += mebibyte.length) {
            stepwise = Crc32Combination.combine(stepwise, one, mebibyte.length);
        }
        assertEquals(stepwise, doubled);
    }

    private static int crc32(byte[] bytes, int from, int length) {
        var crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
