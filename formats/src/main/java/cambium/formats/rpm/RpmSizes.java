package cambium.formats.rpm;

/// Sizes in bytes.
///
/// @param file of the whole package file, as read
/// @param installed as the package states it
/// @param archive of the payload when expanded, as the package states it; 0 when it does not
public record RpmSizes(long file, long installed, long archive) {}
