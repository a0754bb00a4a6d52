package cambium.server.repository.format;

import cambium.formats.PackageDescription;
import java.util.List;

/// A package that was received and understood, before it has a place.
public interface ReadPackage {
    PackageDescription description();

    /// Its files, the main one first, as they are placed in a suite.
    List<PackageFile> files(String codename);

    /// What it contributes to the indexes of a suite in which its files are placed so; none where its family has no
    /// index. At most one entry for each view.
    List<IndexEntry> entries(List<PackageFile> files);
}
