package cambium.server.repository.format;

import cambium.formats.PackageFamily;
import java.util.List;
import java.util.Optional;

/// All formats and layouts that this program knows, in the order in which files are tried.
public record Formats(List<PackageFormat> formats, List<IndexLayout> layouts) {
    public Formats {
        formats = List.copyOf(formats);
        layouts = List.copyOf(layouts);
    }

    public IndexLayout layout(PackageFamily family) {
        return layouts.stream().filter(layout -> layout.family() == family).findFirst()
            .orElseThrow(() -> new IllegalStateException("no layout for " + family));
    }

    /// The format that reads a file: what its first bytes say; for a file that is nothing we know, whatever its suite
    /// is for, which then either takes any file or says what is wrong with this one.
    public PackageFormat of(byte[] start, Optional<PackageFamily> suite) {
        if (suite.isPresent() && suite.get() == PackageFamily.ANYFILE) {
            return first(PackageFamily.ANYFILE);
        }
        return formats.stream().filter(format -> format.recognises(start)).findFirst()
            .orElseGet(() -> first(suite.orElse(PackageFamily.APT)));
    }

    /// Whether some format knows a file by its first bytes.
    public boolean recognise(byte[] start) {
        return formats.stream().anyMatch(format -> format.recognises(start));
    }

    private PackageFormat first(PackageFamily family) {
        return formats.stream().filter(format -> format.type().family() == family).findFirst()
            .orElseThrow(() -> new IllegalStateException("no format for " + family));
    }
}
