package cambium.server.repository.apt;

import cambium.formats.PackageDescription;
import cambium.formats.PackageType;
import cambium.formats.ParseResult;
import cambium.formats.apt.PoolPath;
import cambium.formats.apt.SourcesStanza;
import cambium.formats.dsc.DscReader;
import cambium.formats.dsc.SourceDescription;
import cambium.formats.dsc.SourceFile;
import cambium.formats.dsc.SourcePackage;
import cambium.server.blob.StagedBlob;
import cambium.server.repository.format.IndexEntry;
import cambium.server.repository.format.PackageFile;
import cambium.server.repository.format.PackageFormat;
import cambium.server.repository.format.ReadPackage;
import cambium.server.repository.format.Submission;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Source packages of Debian and its kin: a .dsc, and with it every file that it names, each held to the sizes and
/// digests that the .dsc promises. Here the names that a client gives the other files count, since nothing else tells
/// which is which; a wrong one fails the digests.
public final class DscFormat implements PackageFormat {
    /// The refusals that concern the other files and not the .dsc itself.
    public static final String SOURCE_FILES = "source_files_wrong";

    @Override
    public PackageType type() {
        return PackageType.DSC;
    }

    @Override
    public boolean recognises(byte[] start) {
        return DscReader.recognises(start);
    }

    @Override
    public ParseResult<ReadPackage> read(Submission submission) throws IOException {
        try (InputStream in = new BufferedInputStream(submission.main().blob().open())) {
            return switch (DscReader.read(in)) {
                case ParseResult.Parsed<SourcePackage>(SourcePackage source) -> matched(source, submission);
                case ParseResult.Malformed<SourcePackage>(var code, var reason, var field) ->
                    new ParseResult.Malformed<>(code, reason, field);
            };
        }
    }

    private static ParseResult<ReadPackage> matched(SourcePackage source, Submission submission) {
        var blobs = new ArrayList<>(List.of(submission.main().blob()));
        for (SourceFile file : source.files()) {
            List<StagedBlob> sent = submission.others().stream().filter(other -> other.name().equals(file.name()))
                .map(Submission.Sent::blob).toList();
            if (sent.size() != 1) {
                return wrong(file.name() + (sent.isEmpty() ? " is missing" : " was sent twice"));
            }
            Optional<String> problem = problem(file, sent.getFirst());
            if (problem.isPresent()) {
                return wrong(file.name() + " " + problem.get());
            }
            blobs.add(sent.getFirst());
        }
        boolean isMore = submission.others().size() > source.files().size();
        return isMore ? wrong("a file was sent that the .dsc does not name")
            : new ParseResult.Parsed<>(new Source(source, blobs));
    }

    private static Optional<String> problem(SourceFile file, StagedBlob sent) {
        if (sent.sizeBytes() != file.sizeBytes()) {
            return Optional.of("has " + sent.sizeBytes() + " bytes, the .dsc says " + file.sizeBytes());
        }
        boolean right = sent.digests().md5().equals(file.md5())
            && file.sha1().map(sent.digests().sha1()::equals).orElse(true)
            && file.sha256().map(sent.digests().sha256()::equals).orElse(true);
        return right ? Optional.empty() : Optional.of("has other digests than the .dsc says");
    }

    private static ParseResult<ReadPackage> wrong(String reason) {
        return new ParseResult.Malformed<>(SOURCE_FILES, reason, Optional.empty());
    }

    /// `blobs`: of the .dsc, then of the files that it names.
    private record Source(SourcePackage source, List<StagedBlob> blobs) implements ReadPackage {
        @Override
        public PackageDescription description() {
            return SourceDescription.of(source);
        }

        @Override
        public List<PackageFile> files(String codename) {
            var files = new ArrayList<>(List.of(file(codename, source.fileName(), blobs.getFirst())));
            for (int i = 0; i < source.files().size(); i++) {
                files.add(file(codename, source.files().get(i).name(), blobs.get(i + 1)));
            }
            return List.copyOf(files);
        }

        private PackageFile file(String codename, String name, StagedBlob blob) {
            return PackageFile.of(name, PoolPath.of(codename, AptPaths.COMPONENT, source.name(), name), blob);
        }

        @Override
        public List<IndexEntry> entries(List<PackageFile> files) {
            String first = files.getFirst().poolPath();
            var stored = files.stream().map(file -> new SourcesStanza.StoredFile(file.filename(), file.sizeBytes(),
                DebFormat.digests(file))).toList();
            return List.of(new IndexEntry(AptPaths.SOURCES,
                SourcesStanza.write(source, first.substring(0, first.lastIndexOf('/')), stored)));
        }
    }
}
