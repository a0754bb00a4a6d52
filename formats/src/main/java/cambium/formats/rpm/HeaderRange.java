package cambium.formats.rpm;

/// Where the main header stands in the file, so that a client can fetch it alone.
///
/// @param start of its first byte, in bytes from the start of the file
/// @param end behind its last byte, likewise
public record HeaderRange(long start, long end) {}
