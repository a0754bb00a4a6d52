package cambium.server.repository.format;

import cambium.formats.PackageType;
import cambium.formats.ParseResult;
import java.io.IOException;

/// One format of packages. What is told here comes from the bytes, never from what a client says of them.
public interface PackageFormat {
    /// How many bytes are enough to recognise any format.
    int START_BYTES = 4096;

    PackageType type();

    /// Whether a file that starts so is of this format, or means to be. A file may be shorter than [#START_BYTES].
    boolean recognises(byte[] start);

    /// Reads and checks the files. An [IOException] means that the staged bytes cannot be read back.
    ParseResult<ReadPackage> read(Submission submission) throws IOException;
}
