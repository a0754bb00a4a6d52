package cambium.rollout;

import java.util.regex.Pattern;

/// One package of a product version, fixed by digest. `path` is its place in the repository, relative to the
/// repository.
public record PackageRef(String name, String version, String architecture, String sha256, String path) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public PackageRef {
        Grammar.text("package name", name);
        Grammar.text("package version", version);
        Grammar.text("architecture", architecture);
        Grammar.match(SHA256, "SHA-256 digest", sha256);
        Grammar.text("path", path);
    }
}
