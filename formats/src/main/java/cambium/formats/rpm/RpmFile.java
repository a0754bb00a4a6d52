package cambium.formats.rpm;

/// One file that a package owns.
///
/// @param folder with its slash at the end; empty for the files of a source package
/// @param base the name inside the folder
/// @param bytes its size as the package states it
public record RpmFile(String folder, String base, Kind kind, long bytes) {

    /// Anything that is neither a folder nor a ghost counts as a file, links and devices too.
    public enum Kind { FILE, FOLDER, GHOST }

    public String path() {
        return folder + base;
    }
}
