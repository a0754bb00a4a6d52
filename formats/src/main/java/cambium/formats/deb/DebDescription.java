package cambium.formats.deb;

import cambium.formats.PackageDescription;
import cambium.formats.PackageDescription.Fact;
import cambium.formats.PackageType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A .deb in the words that all formats share.
public final class DebDescription {
    private DebDescription() {}

    /// What the control file alone says.
    public static PackageDescription of(DebPackage deb) {
        return of(new DebArchive(deb, List.of(), new FileListing.Unlisted("only the control file was read"),
                Optional.empty()));
    }

    /// The facts are the control fields as they stand, and the conffiles.
    public static PackageDescription of(DebArchive archive) {
        DebPackage deb = archive.deb();
        String description = deb.control().get("Description").orElse("");
        var facts = new ArrayList<>(facts(deb.control()));
        if (!archive.conffiles().isEmpty() && deb.control().get("Conffiles").isEmpty()) {
            facts.add(new Fact("Conffiles", String.join("\n", archive.conffiles())));
        }
        return new PackageDescription(PackageType.DEB, deb.name(), deb.version().statedEpoch(),
                deb.version().upstream(), deb.version().revision(), deb.architecture(), deb.fileName(),
                description.lines().findFirst().orElse(""), unfolded(description),
                StatedLicenses.of(deb.control(), archive.copyright()),
                ControlRelations.of(deb.control(), ControlRelations.BINARY), facts);
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
