package cambium.server.repository.format;

import cambium.formats.PackageDescription;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A package that was received and understood, before it has a place.
public interface ReadPackage {
    PackageDescription description();

    /// Its files, the main one first, as they are placed in a suite.
    List<PackageFile> files(String codename);

    /// What it contributes to the indexes of a suite in which its files are placed so; none where its family has no
    /// index. At most one entry for each view.
    List<IndexEntry> entries(List<PackageFile> files);

    /// Why a repository with this policy does not take it, as a sentence that lacks its subject. Formats without
    /// signatures and digests of their own are asked for none.
    default Optional<String> objection(PackagePolicy policy) throws IOException {
        return policy.objection(description());
    }
}
