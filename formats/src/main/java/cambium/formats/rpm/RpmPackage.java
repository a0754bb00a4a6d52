package cambium.formats.rpm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an rpm says about itself. Name, version, release and architecture are safe as parts of a path, and their
/// file name is at most 255 bytes long.
///
/// @param architecture of a binary package, e.g. `x86_64` or `noarch`; of a source package always `src` or `nosrc`
/// @param buildTime in seconds since 1970; 0 when unknown
/// @param relations every relation is a key; in the order of the package
/// @param files in the order of the package
/// @param changes newest first, as in the package
/// @param migrations the text of its [cambium.formats.MigrationsFile], where it has one
public record RpmPackage(String name, Evr evr, String architecture, RpmTexts texts, long buildTime, RpmSizes sizes,
        HeaderRange headerRange, Map<RpmRelation, List<RpmDependency>> relations, List<RpmFile> files,
        List<RpmChange> changes, RpmProof proof, Optional<String> migrations) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}");
    private static final Pattern ARCHITECTURE = Pattern.compile("[a-z0-9][a-z0-9_]{0,31}");
    private static final int MAX_FILE_NAME_CHARACTERS = 255;

    public RpmPackage {
        var all = new EnumMap<RpmRelation, List<RpmDependency>>(RpmRelation.class);
        for (RpmRelation relation : RpmRelation.values()) {
            all.put(relation, List.copyOf(relations.getOrDefault(relation, List.of())));
        }
        relations = Collections.unmodifiableMap(all);
        files = List.copyOf(files);
        changes = List.copyOf(changes);
        var problems = problems(name, evr, architecture);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(problems.getFirst().getMessage());
        }
    }

    public boolean source() {
        return isSource(architecture);
    }

    /// `name-version-release.architecture.rpm`, without the epoch, as rpm names the file.
    public String fileName() {
        return fileName(name, evr, architecture);
    }

    static boolean isSource(String architecture) {
        return architecture.equals("src") || architecture.equals("nosrc");
    }

    /// The first problem of the parts of the file name, or none.
    static List<MalformedRpm> problems(String name, Evr evr, String architecture) {
        var found = new ArrayList<MalformedRpm>();
        if (!NAME.matcher(name).matches()) {
            found.add(MalformedRpm.field("Name", "Name is 1 to 128 letters, digits and . _ + -"
                    + " and starts with a letter, a digit or _"));
        }
        if (!ARCHITECTURE.matcher(architecture).matches()) {
            found.add(MalformedRpm.field("Arch", "Arch is one word such as x86_64 or noarch"));
        }
        if (fileName(name, evr, architecture).length() > MAX_FILE_NAME_CHARACTERS) {
            found.add(MalformedRpm.field("Version", "Name, Version, Release and Arch together make too long a file"
                    + " name"));
        }
        return found;
    }

    private static String fileName(String name, Evr evr, String architecture) {
        return name + "-" + evr.withoutEpoch() + "." + architecture + ".rpm";
    }
}
