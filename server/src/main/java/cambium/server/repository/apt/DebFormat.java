package cambium.server.repository.apt;

import cambium.formats.PackageDescription;
import cambium.formats.PackageType;
import cambium.formats.ParseResult;
import cambium.formats.apt.Digests;
import cambium.formats.apt.PackagesStanza;
import cambium.formats.apt.PoolPath;
import cambium.formats.deb.DebDescription;
import cambium.formats.deb.DebPackage;
import cambium.formats.deb.DebReader;
import cambium.server.blob.BlobDigests;
import cambium.server.blob.StagedBlob;
import cambium.server.repository.format.IndexEntry;
import cambium.server.repository.format.PackageFile;
import cambium.server.repository.format.PackageFormat;
import cambium.server.repository.format.ReadPackage;
import cambium.server.repository.format.Submission;
import cambium.server.repository.format.ViewKey;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Binary packages of Debian and its kin.
public final class DebFormat implements PackageFormat {
    private static final byte[] AR = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public PackageType type() {
        return PackageType.DEB;
    }

    @Override
    public boolean recognises(byte[] start) {
        return start.length >= AR.length && Arrays.equals(start, 0, AR.length, AR, 0, AR.length);
    }

    @Override
    public ParseResult<ReadPackage> read(Submission submission) throws IOException {
        StagedBlob staged = submission.main().blob();
        try (InputStream in = new BufferedInputStream(staged.open())) {
            return switch (DebReader.read(in)) {
                case ParseResult.Parsed<DebPackage>(DebPackage deb) -> new ParseResult.Parsed<>(new Deb(deb, staged));
                case ParseResult.Malformed<DebPackage>(var code, var reason, var field) ->
                    new ParseResult.Malformed<>(code, reason, field);
            };
        }
    }

    private record Deb(DebPackage deb, StagedBlob staged) implements ReadPackage {
        @Override
        public PackageDescription description() {
            return DebDescription.of(deb);
        }

        @Override
        public List<PackageFile> files(String codename) {
            return List.of(PackageFile.of(deb.fileName(), PoolPath.of(codename, AptLayout.COMPONENT, deb), staged));
        }

        @Override
        public List<IndexEntry> entries(List<PackageFile> files) {
            PackageFile file = files.getFirst();
            BlobDigests digests = file.digests();
            return List.of(new IndexEntry(new ViewKey(AptLayout.PACKAGES, deb.architecture()),
                PackagesStanza.write(deb, file.poolPath(), file.sizeBytes(),
                    new Digests(digests.md5(), digests.sha1(), digests.sha256(), digests.sha512()))));
        }
    }
}
