package cambium.server.repository;

import cambium.formats.PackageType;
import java.util.Optional;

/// Which names of packages a grouped list shows: of a type, and of this distribution, codename or architecture where
/// given.
record PackageGroupQuery(long repositoryId, PackageType type, Optional<String> distribution, Optional<String> codename,
    Optional<String> architecture) {}
