package cambium.server.blob;

import java.io.IOException;

/// The store does not answer, or not as it should, also after several tries. HTTP answers 503 `blobs_unavailable`.
public final class BlobsUnavailable extends IOException {
    public BlobsUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
