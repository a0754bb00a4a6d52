package cambium.formats.index;

/// The CRC32 of two runs of bytes, from the CRC32 of each and the length of the second.
///
/// Appending n zero bits to a message multiplies its CRC by a fixed 32x32 matrix over GF(2) to the power n; squaring
/// gets there in as many steps as the length has bits.
final class Crc32Combination {
    private static final int POLYNOMIAL = 0xedb88320;

    private Crc32Combination() {}

    static int combine(int first, int second, long secondLength) {
        int[] oneBit = new int[32];
        oneBit[0] = POLYNOMIAL;
        for (int i = 1; i < 32; i++) {
            oneBit[i] = 1 << i - 1;
        }
        int[] power = square(square(square(oneBit)));
        int crc = first;
        for (long left = secondLength; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                crc = times(power, crc);
            }
            power = square(power);
        }
        return crc ^ second;
    }

    private static int times(int[] matrix, int vector) {
        int product = 0;
        for (int row = 0, rest = vector; rest != 0; rest >>>= 1, row++) {
            if ((rest & 1) != 0) {
                product ^= matrix[row];
            }
        }
        return product;
    }

    private static int[] square(int[] matrix) {
        int[] squared = new int[32];
        for (int row = 0; row < 32; row++) {
            squared[row] = times(matrix, matrix[row]);
        }
        return squared;
    }
}
