package cambium.formats.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// One block cut out of an xz stream, with its padding and check.
record XzBlock(byte[] bytes, int unpaddedSize) {
    /// In place of a block that nobody wants.
    static final XzBlock NONE = new XzBlock(new byte[0], 0);
    private static final int HEADER_BYTES = 12;
    private static final int FOOTER_BYTES = 12;

    /// The block of a stream that holds exactly one. The stream's own index tells where it ends.
    static XzBlock onlyOneOf(byte[] stream) {
        ByteBuffer file = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
        int indexBytes = (file.getInt(stream.length - FOOTER_BYTES + 4) + 1) * 4;
        int indexAt = stream.length - FOOTER_BYTES - indexBytes;
        if (file.get(indexAt) != 0 || file.get(indexAt + 1) != 1) {
            throw new IllegalStateException("an xz stream of our own has not exactly one block");
        }
        long unpadded = 0;
        int at = indexAt + 2;
        for (int shift = 0; ; shift += 7) {
            byte b = file.get(at++);
            unpadded |= (b & 0x7fL) << shift;
            if (b >= 0) {
                break;
            }
        }
        if ((unpadded + 3 & ~3) != indexAt - HEADER_BYTES) {
            throw new IllegalStateException("an xz block of our own has another size than its index says");
        }
        return new XzBlock(Arrays.copyOfRange(stream, HEADER_BYTES, indexAt), (int) unpadded);
    }
}
