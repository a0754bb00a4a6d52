package cambium.formats.deb;

import cambium.formats.PackageDescription.Dependencies;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The relationship fields of a control paragraph, taken apart at their commas; alternatives stay together, as in
/// `mta | mail-reader`. See Debian Policy 7.1.
public final class ControlRelations {
    /// Of binary packages; the first five are those that packagecloud shows.
    public static final List<String> BINARY = List.of("Depends", "Recommends", "Suggests", "Enhances", "Pre-Depends",
            "Breaks", "Conflicts", "Replaces", "Provides", "Built-Using", "Static-Built-Using");

    /// Of source packages; the first two are those that packagecloud shows.
    public static final List<String> SOURCE = List.of("Build-Depends", "Build-Depends-Indep", "Build-Depends-Arch",
            "Build-Conflicts", "Build-Conflicts-Indep", "Build-Conflicts-Arch");

    private ControlRelations() {}

    /// One entry for each of the fields that is there and says something; its context is the name in lower case.
    public static List<Dependencies> of(ControlParagraph control, List<String> fields) {
        var relations = new ArrayList<Dependencies>();
        for (String field : fields) {
            List<String> items = control.get(field).map(ControlRelations::items).orElse(List.of());
            if (!items.isEmpty()) {
                relations.add(new Dependencies(field.toLowerCase(Locale.ROOT), items));
            }
        }
        return List.copyOf(relations);
    }

    private static List<String> items(String value) {
        return Arrays.stream(value.split(",")).map(item -> item.strip().replaceAll("\\s+", " "))
                .filter(item -> !item.isEmpty()).toList();
    }
}
