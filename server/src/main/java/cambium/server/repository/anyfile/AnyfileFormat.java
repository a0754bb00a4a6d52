package cambium.server.repository.anyfile;

import cambium.formats.PackageDescription;
import cambium.formats.PackageType;
import cambium.formats.ParseResult;
import cambium.server.blob.StagedBlob;
import cambium.server.repository.format.IndexEntry;
import cambium.server.repository.format.PackageFile;
import cambium.server.repository.format.PackageFormat;
import cambium.server.repository.format.ReadPackage;
import cambium.server.repository.format.Submission;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// Any file. It says nothing about itself, so this one format takes the name that the client gave, and the version is
/// always 1.
public final class AnyfileFormat implements PackageFormat {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]{0,199}");
    private static final String VERSION = "1";

    @Override
    public PackageType type() {
        return PackageType.ANYFILE;
    }

    /// Never from its bytes: only a suite for any files takes a file as it is.
    @Override
    public boolean recognises(byte[] start) {
        return false;
    }

    @Override
    public ParseResult<ReadPackage> read(Submission submission) {
        String name = submission.main().name();
        if (!NAME.matcher(name).matches()) {
            return new ParseResult.Malformed<>("filename_invalid", "a file of any kind needs a name of its own: up to "
                + "200 letters, digits and . _ + ~ -, the first a letter or digit", Optional.of("filename"));
        }
        return new ParseResult.Parsed<>(new Anyfile(name, submission.main().blob()));
    }

    private record Anyfile(String filename, StagedBlob staged) implements ReadPackage {
        @Override
        public PackageDescription description() {
            return new PackageDescription(PackageType.ANYFILE, filename, OptionalInt.empty(), VERSION,
                Optional.empty(), "", filename, "", "", List.of(), List.of(), List.of());
        }

        @Override
        public List<PackageFile> files(String codename) {
            return List.of(PackageFile.of(filename, codename + "/" + filename, staged));
        }

        @Override
        public List<IndexEntry> entries(List<PackageFile> files) {
            return List.of();
        }
    }
}
