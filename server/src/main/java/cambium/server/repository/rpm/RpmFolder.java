package cambium.server.repository.rpm;

import cambium.server.repository.format.ViewKey;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The folders of a distribution's version. Each has indexes of its own: one for every `$basearch` that clients ask
/// for, and one for source packages. Packages for every architecture are kept in a folder of their own, but clients
/// find them in each folder for an architecture.
final class RpmFolder {
    static final String SOURCES = "SRPMS";
    static final String ALWAYS = "x86_64";
    private static final String EVERY = "noarch";
    private static final Pattern I386 = Pattern.compile("i[3-6]86|athlon|geode");
    private static final Pattern FILE =
        Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+~^-]{0,254}\\.([a-z0-9_]{1,32})\\.rpm");

    private RpmFolder() {}

    /// The folder in which the files of an architecture are kept.
    static String of(String architecture) {
        return switch (architecture) {
            case "src", "nosrc" -> SOURCES;
            case "amd64", "ia32e" -> ALWAYS;
            case "armv7hl", "armv7hnl", "armv8hl" -> "armhfp";
            default -> I386.matcher(architecture).matches() ? "i386" : architecture;
        };
    }

    /// The views in which packages of an architecture are listed.
    static String view(String architecture) {
        return architecture.equals(EVERY) ? ViewKey.ALL : of(architecture);
    }

    static boolean isForSources(String folder) {
        return folder.equals(SOURCES);
    }

    /// The folder in which a file is kept that a client looks for in the folder `asked`; empty when it is not there.
    static Optional<String> keeping(String asked, String filename) {
        Matcher file = FILE.matcher(filename);
        if (!file.matches()) {
            return Optional.empty();
        }
        String kept = of(file.group(1));
        boolean fits = kept.equals(asked) || kept.equals(EVERY) && !isForSources(asked)
            || of(asked).equals(kept);
        return fits ? Optional.of(kept) : Optional.empty();
    }
}
