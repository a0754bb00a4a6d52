package cambium.server.http;

import java.io.IOException;

/// Makes the lines of an answer, on the virtual thread of the request. What it throws before the first of them was sent
/// becomes an ordinary refusal, and a line of its own after that.
@FunctionalInterface
public interface LineSource {
    void writeTo(Sink sink) throws IOException;

    /// Takes lines from one thread at a time.
    interface Sink {
        /// @param value something that can be written as JSON
        void line(Object value);

        /// Sends what there is.
        void flush();
    }
}
