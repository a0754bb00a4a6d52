package cambium.server.blob;

import java.io.IOException;
import java.util.List;

/// There is no room for more bytes. HTTP answers 507 `disk_full`; what was half-received is gone.
public final class BlobsFull extends IOException {
    private static final long serialVersionUID = 1;
    /// As Linux words ENOSPC and EDQUOT; Java keeps the words only.
    private static final List<String> SIGNS = List.of("No space left on device", "Disk quota exceeded");

    private BlobsFull(IOException cause) {
        super("there is no room for more blobs", cause);
    }

    /// The same failure under its name, if it is this one.
    public static IOException named(IOException failed) {
        String message = String.valueOf(failed.getMessage());
        return SIGNS.stream().anyMatch(message::contains) ? new BlobsFull(failed) : failed;
    }
}
