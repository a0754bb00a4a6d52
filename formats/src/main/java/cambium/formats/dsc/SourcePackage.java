package cambium.formats.dsc;

import cambium.formats.deb.ControlParagraph;
import cambium.formats.deb.DebVersion;
import java.util.List;

/// What a .dsc says: a source package and its files, at least one, none of them the .dsc itself.
///
/// @param name of the source, Debian Policy 5.6.1; safe as a part of a path
/// @param architecture the whole list as written, e.g. `any all`
/// @param control all fields, in the order of the file
public record SourcePackage(String name, DebVersion version, String architecture, ControlParagraph control,
        List<SourceFile> files) {
    public SourcePackage {
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("source package " + name + " without files");
        }
    }

    /// `name_version.dsc`, without the epoch, as Debian names the file.
    public String fileName() {
        return name + "_" + version.withoutEpoch() + ".dsc";
    }
}
