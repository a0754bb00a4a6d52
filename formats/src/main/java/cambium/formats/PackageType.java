package cambium.formats;

import java.util.Locale;
import java.util.Optional;

/// What kind of file a package is, in packagecloud's words. A source rpm is an rpm of the architecture `src`.
public enum PackageType {
    DEB(PackageFamily.APT),
    /// A Debian source package: its `.dsc` with the files that it names.
    DSC(PackageFamily.APT),
    RPM(PackageFamily.RPM),
    ANYFILE(PackageFamily.ANYFILE);

    private final PackageFamily family;

    PackageType(PackageFamily family) {
        this.family = family;
    }

    public PackageFamily family() {
        return family;
    }

    /// As the API writes it: the lower-case name.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The inverse of [#word()].
    public static Optional<PackageType> of(String word) {
        for (PackageType type : values()) {
            if (type.word().equals(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
