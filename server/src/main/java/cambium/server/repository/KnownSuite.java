package cambium.server.repository;

import cambium.formats.PackageFamily;

/// A place for packages that the catalogue knows: packagecloud's id of the distribution's version, the first folder of
/// its address (`debian`, `el`), and its codename (`bookworm`, `9`). Its packages and indexes are those of one family.
public record KnownSuite(int distroVersionId, String distribution, String codename, PackageFamily family) {
    /// As the API shows it: `debian/bookworm`.
    public String slug() {
        return distribution + "/" + codename;
    }
}
