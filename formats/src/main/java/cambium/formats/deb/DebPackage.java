package cambium.formats.deb;

import cambium.formats.ParseResult;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a .deb says about itself. The name, version and architecture are safe as parts of a path.
///
/// Name: Debian Policy 5.6.7, 2 to 128 characters. Architecture: one word of at most 32 characters, and not a
/// wildcard. Their file name is at most 255 bytes long.
public record DebPackage(String name, DebVersion version, String architecture, ControlParagraph control) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,127}");
    private static final Pattern ARCHITECTURE = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final int MAX_FILE_NAME_CHARACTERS = 255;

    /// Only a repository may state these: taken from a package they would override what we measured.
    static final List<String> SERVER_OWNED = List.of("Filename", "Size", "MD5sum", "SHA1", "SHA256", "SHA512");

    public DebPackage {
        problem(name, version, architecture).ifPresent(refused -> {
            throw new IllegalArgumentException(refused.getMessage());
        });
    }

    /// The package described by a control paragraph, or a refusal that names the field.
    public static ParseResult<DebPackage> of(ControlParagraph control) {
        try {
            return new ParseResult.Parsed<>(from(control));
        } catch (MalformedDeb refused) {
            return refused.toResult();
        }
    }

    /// `name_version_architecture.deb`, without the epoch, as Debian names the file.
    public String fileName() {
        return fileName(name, version, architecture);
    }

    static DebPackage from(ControlParagraph control) throws MalformedDeb {
        String name = required(control, "Package");
        String text = required(control, "Version");
        String architecture = required(control, "Architecture");
        for (String owned : SERVER_OWNED) {
            if (control.get(owned).isPresent()) {
                throw MalformedDeb.field(owned, "field " + owned + " belongs to the repository, not to a package");
            }
        }
        var version = switch (DebVersion.parse(text)) {
            case ParseResult.Parsed<DebVersion>(var parsed) -> parsed;
            case ParseResult.Malformed<DebVersion>(_, var reason, _) -> throw MalformedDeb.field("Version", reason);
        };
        var problem = problem(name, version, architecture);
        if (problem.isPresent()) {
            throw problem.get();
        }
        return new DebPackage(name, version, architecture, control);
    }

    private static String required(ControlParagraph control, String field) throws MalformedDeb {
        Optional<String> value = control.get(field);
        if (value.isEmpty() || value.get().isEmpty()) {
            throw MalformedDeb.field(field, "field " + field + " is missing or empty");
        }
        return value.get();
    }

    private static Optional<MalformedDeb> problem(String name, DebVersion version, String architecture) {
        if (!NAME.matcher(name).matches()) {
            return Optional.of(MalformedDeb.field("Package",
                    "Package is 2 to 128 lower-case letters, digits and + - . and starts with a letter or digit"));
        }
        if (!ARCHITECTURE.matcher(architecture).matches() || isWildcard(architecture)) {
            return Optional.of(MalformedDeb.field("Architecture",
                    "Architecture is one word such as amd64 or all: lower-case letters, digits and -"));
        }
        if (fileName(name, version, architecture).length() > MAX_FILE_NAME_CHARACTERS) {
            return Optional.of(MalformedDeb.field("Version",
                    "Package, Version and Architecture together make too long a file name"));
        }
        return Optional.empty();
    }

    private static boolean isWildcard(String architecture) {
        return architecture.equals("any") || architecture.equals("source")
                || architecture.startsWith("any-") || architecture.endsWith("-any");
    }

    private static String fileName(String name, DebVersion version, String architecture) {
        return name + "_" + version.withoutEpoch() + "_" + architecture + ".deb";
    }
}
