package cambium.server.repository;

/// Where the API shows packages of a type: all versions of a name under one prefix, and each version below it.
enum PackagePath {
    DEB("deb/{distro}/{version}/{name}/{arch}", "/{packageVersion}");

    private static final String PREFIX = "/api/v1/repos/{owner}/{repo}/package/";

    private final String ofName;
    private final String ofVersion;

    PackagePath(String ofName, String ofVersion) {
        this.ofName = ofName;
        this.ofVersion = ofVersion;
    }

    String ofName() {
        return PREFIX + ofName;
    }

    String ofOne() {
        return PREFIX + ofName + ofVersion;
    }
}
