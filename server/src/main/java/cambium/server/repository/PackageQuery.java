package cambium.server.repository;

import java.util.Optional;

/// Which packages of a repository a list shows: file names containing `text`; only of this distribution, codename or
/// architecture where given.
record PackageQuery(long repositoryId, String text, Optional<String> distribution, Optional<String> codename,
    Optional<String> architecture) {

    static PackageQuery all(long repositoryId) {
        return new PackageQuery(repositoryId, "", Optional.empty(), Optional.empty(), Optional.empty());
    }
}
