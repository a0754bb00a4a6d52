package cambium.formats.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// Damages bytes at random, in the ways that files get damaged and the ways that attackers try.
public final class Mutation {
    private static final int[] TELLING = {0, 1, 0x0a, 0x0d, 0x20, 0x2f, 0x30, 0x37, 0x3a, 0x60, 0x7f, 0x80, 0xc0, 0xff};

    private Mutation() {}

    /// One to three changes.
    public static byte[] of(byte[] bytes, Random random) {
        byte[] mutated = bytes;
        for (int i = random.nextInt(3); i >= 0; i--) {
            mutated = once(mutated, random);
        }
        return mutated;
    }

    /// A change after which the checksums of all tar headers are put right again, so that it is seen further in.
    public static byte[] ofTar(byte[] tar, Random random) {
        return withTarChecksums(of(tar, random));
    }

    /// The checksums of all tar headers put right.
    public static byte[] withTarChecksums(byte[] tar) {
        byte[] mutated = tar.clone();
        for (int at = 0; at + 512 <= mutated.length; at += 512) {
            if (mutated[at + 257] == 'u' && mutated[at + 258] == 's') {
                repair(mutated, at);
            }
        }
        return mutated;
    }

    private static byte[] once(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextInt(4) == 0 ? 600 : 4));
        return switch (random.nextInt(7)) {
            case 0 -> with(bytes, at, bytes[at] ^ 1 << random.nextInt(8));
            case 1 -> with(bytes, at, random.nextInt(256));
            case 2 -> with(bytes, at, TELLING[random.nextInt(TELLING.length)]);
            case 3 -> joined(bytes, at, new byte[0], at + length);
            case 4 -> joined(bytes, at, slice(bytes, at, length), at);
            case 5 -> joined(bytes, at, slice(bytes, random.nextInt(bytes.length - length + 1), length), at + length);
            default -> slice(bytes, 0, at);
        };
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] slice(byte[] bytes, int at, int length) {
        return Arrays.copyOfRange(bytes, at, at + length);
    }

    private static byte[] joined(byte[] bytes, int until, byte[] middle, int from) {
        var out = new ByteArrayOutputStream();
        out.write(bytes, 0, until);
        out.writeBytes(middle);
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }

    private static void repair(byte[] tar, int at) {
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : tar[at + i] & 0xff;
        }
        byte[] text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, tar, at + 148, 8);
    }
}
