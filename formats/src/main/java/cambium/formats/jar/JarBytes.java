package cambium.formats.jar;

import java.io.IOException;

/// The bytes of a jar, read from any place: its table of contents stands at its end. An answer has `length` bytes, or
/// fewer where the jar ends before.
@FunctionalInterface
public interface JarBytes {
    byte[] at(long offset, int length) throws IOException;
}
