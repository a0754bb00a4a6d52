package cambium.server.http;

import java.io.IOException;
import java.io.OutputStream;

/// The bytes of a streamed answer. Asked once per request for the part that the client wants.
@FunctionalInterface
public interface Content {
    /// Writes exactly the bytes `from` (inclusive) to `toExclusive`.
    void writeTo(OutputStream out, long from, long toExclusive) throws IOException;
}
