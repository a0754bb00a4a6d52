package cambium.formats;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a package file says about itself, in the words that all formats share. It comes from the bytes alone.
///
/// @param version without epoch and release, such as `1.0`
/// @param release Debian's revision or rpm's release, such as `7` or `1.el9`
/// @param architecture the format's own word, such as `amd64`, `all`, `x86_64`, `noarch`, `src`; empty when it has none
/// @param fileName the canonical name of the main file: never the name under which somebody sent it
/// @param summary one line; may be empty
/// @param description any number of lines; may be empty
/// @param dependencies in the order in which they are shown
/// @param facts all else that is worth showing, as the format names it and in its order
public record PackageDescription(PackageType type, String name, OptionalInt epoch, String version,
        Optional<String> release, String architecture, String fileName, String summary, String description,
        List<String> licenses, List<Dependencies> dependencies, List<Fact> facts) {
    public PackageDescription {
        licenses = List.copyOf(licenses);
        dependencies = List.copyOf(dependencies);
        facts = List.copyOf(facts);
        if (name.isEmpty() || version.isEmpty() || fileName.isEmpty() || fileName.indexOf('/') >= 0) {
            throw new IllegalArgumentException("a package without a name, version or file name: " + fileName);
        }
    }

    /// What a package needs in one context, such as `depends` or `requires`, each item in the format's own notation.
    public record Dependencies(String context, List<String> items) {
        public Dependencies {
            items = List.copyOf(items);
        }
    }

    /// One named fact for people to read; the value may have several lines.
    public record Fact(String name, String value) {}

    /// `epoch:version-release`, without the parts that are absent: what package managers show and are asked for.
    public String fullVersion() {
        return (epoch.isPresent() ? epoch.getAsInt() + ":" : "") + version + release.map(text -> "-" + text).orElse("");
    }
}
