package cambium.formats.dsc;

import cambium.formats.PackageDescription;
import cambium.formats.PackageDescription.Fact;
import cambium.formats.PackageType;
import cambium.formats.deb.ControlRelations;
import java.util.List;

/// A source package in the words that all formats share. A .dsc has no description; its summary names the binary
/// packages that are made of it. The facts are the fields as they stand.
public final class SourceDescription {
    private SourceDescription() {}

    public static PackageDescription of(SourcePackage source) {
        String binaries = source.control().get("Binary").orElse("").replaceAll("\\s+", " ").strip();
        return new PackageDescription(PackageType.DSC, source.name(), source.version().statedEpoch(),
                source.version().upstream(), source.version().revision(), source.architecture(), source.fileName(),
                binaries.isEmpty() ? "" : "source of " + binaries, "", List.of(),
                ControlRelations.of(source.control(), ControlRelations.SOURCE),
                source.control().fields().stream()
                        .map(field -> new Fact(field.name(), field.value())).toList());
    }
}
