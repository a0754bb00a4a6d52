package cambium.server.repository;

/// A place for packages that the catalogue knows: packagecloud's id of the distribution's version, the first folder of
/// its address (`debian`), and its codename (`bookworm`).
public record KnownSuite(int distroVersionId, String distribution, String codename) {
    /// As the API shows it: `debian/bookworm`.
    public String slug() {
        return distribution + "/" + codename;
    }
}
