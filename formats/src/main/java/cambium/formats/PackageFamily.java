package cambium.formats;

import java.util.Locale;
import java.util.Optional;

/// Package types that share their suites and their indexes: `.deb` and `.dsc` are one family, binary and source rpms
/// another. A suite belongs to one family.
public enum PackageFamily {
    APT,
    RPM,
    /// Files of any kind, in no index.
    ANYFILE;

    /// As it is stored: the lower-case name.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The inverse of [#word()].
    public static Optional<PackageFamily> of(String word) {
        for (PackageFamily family : values()) {
            if (family.word().equals(word)) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }
}
