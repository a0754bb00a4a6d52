package cambium.formats.rpm;

import java.io.IOException;
import java.io.InputStream;

/// The payload: a compressed cpio archive, hashed as it stands in the file.
final class RpmPayload {
    private static final int BUFFER_BYTES = 64 * 1024;

    private RpmPayload() {}

    /// Reads the rest of the stream and gives its length in bytes.
    static long read(InputStream in, RpmHeader header, RpmDigests digests) throws IOException {
        String format = header.text(RpmTag.PAYLOAD_FORMAT).orElse("cpio");
        if (!format.equals("cpio")) {
            throw MalformedRpm.structure("the payload is not a cpio archive");
        }
        long bytes = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            digests.update(buffer, 0, count);
            bytes += count;
        }
        return bytes;
    }
}
