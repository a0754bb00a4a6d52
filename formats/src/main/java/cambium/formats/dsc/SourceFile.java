package cambium.formats.dsc;

import java.util.Optional;

/// One file of a source package as its .dsc promises it. The name is safe as the last part of a path.
///
/// @param sizeBytes at most 2^37, the most that apt takes
/// @param sha1 lower-case hexadecimal; older .dsc files have only MD5
public record SourceFile(String name, long sizeBytes, String md5, Optional<String> sha1, Optional<String> sha256) {}
