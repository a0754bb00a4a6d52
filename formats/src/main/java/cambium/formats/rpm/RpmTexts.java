package cambium.formats.rpm;

/// What a package says about itself to people; empty texts where it says nothing. They may hold any character but
/// NUL and are at most 1 MiB together.
///
/// @param sourceRpm the file name of the source package that it was built from; empty for a source package
public record RpmTexts(String summary, String description, String license, String vendor, String packager, String url,
        String group, String buildHost, String sourceRpm) {}
