package cambium.formats.deb;

import cambium.formats.PackageDescription;
import cambium.formats.PackageDescription.Dependencies;
import cambium.formats.PackageDescription.Fact;
import cambium.formats.PackageType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Predicate;

/// A .deb in the words that all formats share.
public final class DebDescription {
    private static final List<String> DEPENDENCIES =
            List.of("Depends", "Recommends", "Suggests", "Enhances", "Pre-Depends");

    private DebDescription() {}

    /// The facts are the control fields as they stand.
    public static PackageDescription of(DebPackage deb) {
        DebVersion version = deb.version();
        String description = deb.control().get("Description").orElse("");
        return new PackageDescription(PackageType.DEB, deb.name(),
                version.text().contains(":") ? OptionalInt.of(version.epoch()) : OptionalInt.empty(),
                version.upstream(), version.revision(), deb.architecture(), deb.fileName(),
                description.lines().findFirst().orElse(""), unfolded(description), List.of(),
                dependencies(deb.control()), facts(deb.control()));
    }

    private static List<Dependencies> dependencies(ControlParagraph control) {
        var contexts = new ArrayList<Dependencies>();
        for (String field : DEPENDENCIES) {
            control.get(field).ifPresent(value -> contexts.add(new Dependencies(field.toLowerCase(Locale.ROOT),
                    Arrays.stream(value.split(",")).map(String::strip).filter(Predicate.not(String::isEmpty))
                            .toList())));
        }
        return contexts;
    }

    private static List<Fact> facts(ControlParagraph control) {
        return control.fields().stream().map(field -> new Fact(field.name(), field.value())).toList();
    }

    /// Continuation lines lose their leading blank, and a lone dot means an empty line (Debian Policy 5.6.13).
    private static String unfolded(String text) {
        return String.join("\n", text.lines().map(line -> line.startsWith(" ") ? line.substring(1) : line)
                .map(line -> line.equals(".") ? "" : line).toList());
    }
}
