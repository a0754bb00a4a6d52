package cambium.formats.rpm;

/// One entry of a package's changelog.
///
/// @param time in seconds since 1970
public record RpmChange(String author, long time, String text) {}
