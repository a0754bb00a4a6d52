package cambium.formats.deb;

import java.util.List;
import java.util.Optional;

/// A .deb as a whole: what it says about itself, and what its two archives hold beside that.
///
/// @param conffiles absolute paths from the control archive's `conffiles`, in its order
/// @param files what the data archive holds, or why that is not known
/// @param copyright the text of `usr/share/doc/<package>/copyright`, where the data archive holds one of at most
///     256 KiB
/// @param migrations the text of its [cambium.formats.MigrationsFile], where it has one
public record DebArchive(DebPackage deb, List<String> conffiles, FileListing files, Optional<String> copyright,
        Optional<String> migrations) {
    public DebArchive {
        conffiles = List.copyOf(conffiles);
    }
}
