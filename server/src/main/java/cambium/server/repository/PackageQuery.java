package cambium.server.repository;

import cambium.formats.PackageType;
import java.util.Optional;

/// Which packages of a repository a list shows: file names containing `text`; only of this type, distribution, codename
/// or architecture where given.
record PackageQuery(long repositoryId, String text, Optional<PackageType> type, Optional<String> distribution,
    Optional<String> codename, Optional<String> architecture) {

    static PackageQuery all(long repositoryId) {
        return containing(repositoryId, "");
    }

    static PackageQuery containing(long repositoryId, String text) {
        return new PackageQuery(repositoryId, text, Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty());
    }
}
