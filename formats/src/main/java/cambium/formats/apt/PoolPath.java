package cambium.formats.apt;

import cambium.formats.deb.DebPackage;
import java.util.regex.Pattern;

/// Where a package's file stands below the repository's root. The codename is part of the path, so that one
/// repository can hold packages of equal name, version and architecture but other content for each distribution.
public final class PoolPath {
    private static final Pattern SEGMENT = Pattern.compile("[a-z0-9][a-z0-9._+-]{0,63}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,127}");
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+.:,=@~_-]{0,254}");

    private PoolPath() {}

    /// `pool/<codename>/<component>/<prefix>/<name>/<file>`; the prefix is the name's first letter, or its first
    /// four characters when it starts with `lib`.
    public static String of(String codename, String component, DebPackage deb) {
        return of(codename, component, deb.name(), deb.fileName());
    }

    /// The same for any file of a package of that name, such as those of a source package.
    ///
    /// @param name of the binary or source package
    /// @param fileName without a slash
    public static String of(String codename, String component, String name, String fileName) {
        if (!SEGMENT.matcher(codename).matches() || !SEGMENT.matcher(component).matches()) {
            throw new IllegalArgumentException("not a codename and component: " + codename + ", " + component);
        }
        if (!NAME.matcher(name).matches() || !FILE.matcher(fileName).matches()) {
            throw new IllegalArgumentException("not a name and file name for the pool: " + name + ", " + fileName);
        }
        String prefix = name.startsWith("lib") && name.length() > 3 ? name.substring(0, 4) : name.substring(0, 1);
        return String.join("/", "pool", codename, component, prefix, name, fileName);
    }
}
