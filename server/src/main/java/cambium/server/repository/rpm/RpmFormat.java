package cambium.server.repository.rpm;

import cambium.formats.PackageDescription;
import cambium.formats.PackageType;
import cambium.formats.ParseResult;
import cambium.formats.rpm.RpmDescription;
import cambium.formats.rpm.RpmEntries;
import cambium.formats.rpm.RpmIndex;
import cambium.formats.rpm.RpmPackage;
import cambium.formats.rpm.RpmReader;
import cambium.server.blob.StagedBlob;
import cambium.server.repository.format.IndexEntry;
import cambium.server.repository.format.PackageFile;
import cambium.server.repository.format.PackageFormat;
import cambium.server.repository.format.PackagePolicy;
import cambium.server.repository.format.ReadPackage;
import cambium.server.repository.format.Submission;
import cambium.server.repository.format.ViewKey;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Binary and source packages of rpm.
public final class RpmFormat implements PackageFormat {
    private static final byte[] LEAD = {(byte) 0xed, (byte) 0xab, (byte) 0xee, (byte) 0xdb};

    @Override
    public PackageType type() {
        return PackageType.RPM;
    }

    @Override
    public boolean recognises(byte[] start) {
        return start.length >= LEAD.length && Arrays.equals(start, 0, LEAD.length, LEAD, 0, LEAD.length);
    }

    @Override
    public ParseResult<ReadPackage> read(Submission submission) throws IOException {
        StagedBlob staged = submission.main().blob();
        try (InputStream in = new BufferedInputStream(staged.open())) {
            return switch (RpmReader.read(in)) {
                case ParseResult.Parsed<RpmPackage>(RpmPackage rpm) -> new ParseResult.Parsed<>(new Rpm(rpm, staged));
                case ParseResult.Malformed<RpmPackage>(var code, var reason, var field) ->
                    new ParseResult.Malformed<>(code, reason, field);
            };
        }
    }

    private record Rpm(RpmPackage rpm, StagedBlob staged) implements ReadPackage {
        @Override
        public PackageDescription description() {
            return RpmDescription.of(rpm);
        }

        @Override
        public List<PackageFile> files(String codename) {
            String path = String.join("/", codename, RpmFolder.of(rpm.architecture()), rpm.fileName());
            return List.of(PackageFile.of(rpm.fileName(), path, staged));
        }

        /// The location is the file's name alone, so that one entry is right in every folder. The time of the file is
        /// that of the build, since it must be the same wherever and whenever the entry is made.
        @Override
        public List<IndexEntry> entries(List<PackageFile> files) {
            String sha256 = files.getFirst().digests().sha256();
            return List.of(entry(RpmIndex.PRIMARY, RpmEntries.primary(rpm, rpm.fileName(), sha256, rpm.buildTime())),
                entry(RpmIndex.FILELISTS, RpmEntries.filelists(rpm, sha256)),
                entry(RpmIndex.OTHER, RpmEntries.other(rpm, sha256)));
        }

        @Override
        public Optional<String> objection(PackagePolicy policy) throws IOException {
            Optional<String> objection = policy.objection(description());
            return objection.isPresent() ? objection : new RpmTrust(rpm, staged).objection(policy);
        }

        private IndexEntry entry(RpmIndex index, byte[] bytes) {
            return new IndexEntry(new ViewKey(index.type(), RpmFolder.view(rpm.architecture())), bytes);
        }
    }
}
