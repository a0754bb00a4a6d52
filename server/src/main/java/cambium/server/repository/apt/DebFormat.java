package cambium.server.repository.apt;

import cambium.formats.PackageDescription;
import cambium.formats.PackageType;
import cambium.formats.ParseResult;
import cambium.formats.apt.ContentsStanza;
import cambium.formats.apt.Digests;
import cambium.formats.apt.PackagesStanza;
import cambium.formats.apt.PoolPath;
import cambium.formats.deb.DebArchive;
import cambium.formats.deb.DebDescription;
import cambium.formats.deb.DebReader;
import cambium.formats.deb.FileListing;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;

/// Binary packages of Debian and its kin.
public final class DebFormat implements PackageFormat {
    private static final byte[] AR = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);

    /// Each may need some 70 MiB for the dictionary of an xz stream.
    private final Semaphore walks = new Semaphore(2);

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
            return switch (walked(in)) {
                case ParseResult.Parsed<DebArchive>(DebArchive read) ->
                    new ParseResult.Parsed<>(new Deb(read, staged));
                case ParseResult.Malformed<DebArchive>(var code, var reason, var field) ->
                    new ParseResult.Malformed<>(code, reason, field);
            };
        }
    }

    private ParseResult<DebArchive> walked(InputStream in) throws IOException {
        walks.acquireUninterruptibly();
        try {
            return DebReader.readWhole(in);
        } finally {
            walks.release();
        }
    }

    static Digests digests(PackageFile file) {
        BlobDigests digests = file.digests();
        return new Digests(digests.md5(), digests.sha1(), digests.sha256(), digests.sha512());
    }

    private record Deb(DebArchive read, StagedBlob staged) implements ReadPackage {
        @Override
        public PackageDescription description() {
            return DebDescription.of(read);
        }

        @Override
        public List<PackageFile> files(String codename) {
            return List.of(PackageFile.of(read.deb().fileName(),
                PoolPath.of(codename, AptPaths.COMPONENT, read.deb()), staged));
        }

        @Override
        public List<IndexEntry> entries(List<PackageFile> files) {
            PackageFile file = files.getFirst();
            String architecture = read.deb().architecture();
            var entries = new ArrayList<IndexEntry>();
            entries.add(new IndexEntry(new ViewKey(AptPaths.PACKAGES, architecture),
                PackagesStanza.write(read.deb(), file.poolPath(), file.sizeBytes(), digests(file))));
            if (read.files() instanceof FileListing.Listed(var listed)) {
                byte[] contents = ContentsStanza.write(read.deb(), listed);
                if (contents.length > 0) {
                    entries.add(new IndexEntry(new ViewKey(AptPaths.CONTENTS, architecture), contents));
                }
            }
            return List.copyOf(entries);
        }
    }
}
