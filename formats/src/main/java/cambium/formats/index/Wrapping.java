package cambium.formats.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What stands before and behind the entries of an index, such as the root element of an XML file. Each is at most
/// 65,535 bytes long. Do not alter the arrays.
///
/// A head that depends on the content ends the use of saved hash states: the digest of the whole file changes from its
/// start on, so all of it is hashed again, though none of it is compressed again.
public record Wrapping(byte[] head, byte[] tail) {
    public static final Wrapping NONE = new Wrapping(new byte[0], new byte[0]);

    public Wrapping {
        if (head.length > GzFraming.MAX_STORED_BYTES || tail.length > GzFraming.MAX_STORED_BYTES) {
            throw new IllegalArgumentException("a head of " + head.length + " bytes, a tail of " + tail.length);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Wrapping that && Arrays.equals(head, that.head) && Arrays.equals(tail, that.tail);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(head) + Arrays.hashCode(tail);
    }

    @Override
    public String toString() {
        return "Wrapping[" + new String(head, StandardCharsets.UTF_8) + "…]";
    }
}
