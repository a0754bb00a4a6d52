package cambium.formats.deb;

import cambium.formats.MigrationsFile;
import cambium.formats.PackageDescription;
import cambium.formats.PackageDescription.Fact;
import cambium.formats.PackageType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A .deb in the words that all formats share.
public final class DebDescription {
    private static final int MAX_FILES_SHOWN = 1_000;

    private DebDescription() {}

    /// What the control file alone says.
    public static PackageDescription of(DebPackage deb) {
        return of(new DebArchive(deb, List.of(), new FileListing.Listed(List.of()), Optional.empty(),
                Optional.empty()));
    }

    /// The facts are the control fields as they stand, the conffiles, the declared migrations, and the first thousand
    /// names in the data archive or why they are not known.
    public static PackageDescription of(DebArchive archive) {
        DebPackage deb = archive.deb();
        String description = deb.control().get("Description").orElse("");
        var facts = new ArrayList<>(facts(deb.control()));
        if (!archive.conffiles().isEmpty() && deb.control().get("Conffiles").isEmpty()) {
            facts.add(new Fact("Conffiles", String.join("\n", archive.conffiles())));
        }
        archive.migrations().ifPresent(text -> facts.add(new Fact(MigrationsFile.FACT, text)));
        if (deb.control().get("Files").isEmpty()) {
            files(archive.files()).ifPresent(names -> facts.add(new Fact("Files", names)));
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

    private static Optional<String> files(FileListing listing) {
        return switch (listing) {
            case FileListing.Unlisted(String reason) -> Optional.of("not listed: " + reason);
            case FileListing.Listed(var files) -> files.isEmpty() ? Optional.empty()
                    : Optional.of(files.stream().limit(MAX_FILES_SHOWN).map(file -> "/" + file.path())
                            .collect(Collectors.joining("\n"))
                            + (files.size() > MAX_FILES_SHOWN ? "\nand " + (files.size() - MAX_FILES_SHOWN) + " more"
                                    : ""));
        };
    }

    /// Continuation lines lose their leading blank, and a lone dot means an empty line (Debian Policy 5.6.13).
    private static String unfolded(String text) {
        return String.join("\n", text.lines().map(line -> line.startsWith(" ") ? line.substring(1) : line)
                .map(line -> line.equals(".") ? "" : line).toList());
    }
}
