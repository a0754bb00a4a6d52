package cambium.server.repository;

import cambium.formats.PackageType;
import java.util.Arrays;

/// Where the API shows packages of a type: all versions of a name under one prefix, and each version below it. For
/// Debian's a version is one segment, `1.0-7`; for rpms it is two, `1.0/1.el9`.
enum PackagePath {
    DEB(PackageType.DEB, "deb/{distro}/{version}/{name}/{arch}", "/{packageVersion}"),
    DSC(PackageType.DSC, "dsc/{distro}/{version}/{name}/{arch}", "/{packageVersion}"),
    RPM(PackageType.RPM, "rpm/{distro}/{version}/{name}/{arch}", "/{packageVersion}/{release}"),
    ANYFILE(PackageType.ANYFILE, "anyfile/{name}", "/{packageVersion}");

    private static final String PREFIX = "/api/v1/repos/{owner}/{repo}/package/";

    private final PackageType type;
    private final String ofName;
    private final String ofVersion;

    PackagePath(PackageType type, String ofName, String ofVersion) {
        this.type = type;
        this.ofName = ofName;
        this.ofVersion = ofVersion;
    }

    static PackagePath of(PackageType type) {
        return Arrays.stream(values()).filter(path -> path.type == type).findFirst()
            .orElseThrow(() -> new IllegalStateException("no path for packages of the type " + type));
    }

    PackageType type() {
        return type;
    }

    /// The template of the route to all versions of a name, without what stands behind it.
    String ofName() {
        return PREFIX + ofName;
    }

    /// The template of the route to one version.
    String ofOne() {
        return PREFIX + ofName + ofVersion;
    }

    /// The address of all versions of a name.
    String nameAddress(RepositoryName repository, KnownSuite suite, String name, String architecture) {
        String path = "/api/v1/repos/" + repository + "/package/" + type.word() + "/";
        return this == ANYFILE ? path + PathSegment.of(name)
            : path + suite.slug() + "/" + PathSegment.of(name) + "/" + PathSegment.of(architecture);
    }

    /// The address of one version.
    String address(RepositoryName repository, StoredPackage stored) {
        return nameAddress(repository, stored.suite(), stored.name(), stored.architecture()) + "/"
            + PathSegment.of(stored.version()) + stored.release().map(release ->
                (this == RPM ? "/" : "-") + PathSegment.of(release)).orElse("");
    }
}
