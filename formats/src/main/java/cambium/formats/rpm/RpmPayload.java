package cambium.formats.rpm;

import cambium.formats.MigrationsFile;
import cambium.formats.packed.PackedForm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The payload: a compressed cpio archive. All of it is hashed as it stands in the file, and its first 8 MiB are
/// expanded, to at most 32 MiB, and walked.
///
/// Further it is not expanded: a sound package may hold gigabytes, which would cost minutes of CPU for nothing. What
/// repodata says of the files comes from the header; header and payload are held together by the payload's digest,
/// which is checked whatever the size; and nobody unpacks files here. A payload that expands more than 200-fold (after
/// 10 MiB), or whose header says that it does, is refused as a bomb, whatever its size.
final class RpmPayload {
    static final long MAX_WALKED_BYTES = 8L << 20;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int START_BYTES = 6;
    private static final long MAX_BYTES_FREE_OF_RATIO = 10L << 20;
    private static final int MAX_RATIO = 200;

    private final HashedStream in;
    private final RpmHeader header;
    private final RpmDigests digests;
    private final FileNumbers files;
    private final int migrations;
    private Optional<CpioWalk> walk = Optional.empty();

    RpmPayload(InputStream in, RpmHeader header, RpmDigests digests, List<RpmFile> files, String packageName) {
        this.in = new HashedStream(in, digests);
        this.header = header;
        this.digests = digests;
        this.files = new FileNumbers(files);
        this.migrations = this.files.find("/" + MigrationsFile.path(packageName));
    }

    /// The text of the package's [MigrationsFile], once all is read.
    Optional<String> migrations() {
        if (migrations < 0) {
            return Optional.empty();
        }
        return Optional.of(walk.flatMap(CpioWalk::content).map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(MigrationsFile.unread("it is no plain file of at most " + MigrationsFile.MAX_BYTES
                        + " bytes, or stands behind the first " + (MAX_WALKED_BYTES >> 20) + " MiB of the payload")));
    }

    /// Refuses the announcement of a bomb.
    ///
    /// @param archiveBytes as the header states them
    static void checkRatio(long archiveBytes, long payloadBytes) throws MalformedRpm {
        if (archiveBytes > MAX_BYTES_FREE_OF_RATIO && archiveBytes / MAX_RATIO > payloadBytes) {
            throw PayloadPart.PAYLOAD.tooLarge("is said to expand to far more than its compressed form is worth");
        }
    }

    /// Reads the rest of the stream and gives its length in bytes.
    long read() throws IOException {
        String format = header.text(RpmTag.PAYLOAD_FORMAT).orElse("cpio");
        if (!format.equals("cpio")) {
            throw MalformedRpm.structure("the payload is not a cpio archive");
        }
        if (!FormatSix.isAligned(header)) {
            walkBeginning();
        }
        in.walked();
        byte[] bin = new byte[BUFFER_BYTES];
        while (in.read(bin, 0, bin.length) >= 0) {
            // Only the digests want to see it.
        }
        return in.bytes();
    }

    private void walkBeginning() throws IOException {
        byte[] start = in.readNBytes(START_BYTES);
        PackedForm form = form(start);
        try {
            walk(form, new SequenceInputStream(new ByteArrayInputStream(start), in));
        } catch (MalformedRpm refused) {
            if (!refused.isUnwalked()) {
                throw refused;
            }
        }
    }

    /// What the header says, if the bytes agree. Without a word in the header, rpm takes gzip or no compression.
    private PackedForm form(byte[] start) throws MalformedRpm {
        Optional<String> stated = header.text(RpmTag.PAYLOAD_COMPRESSOR);
        PackedForm form = switch (stated.orElse("")) {
            case "" -> PackedForm.GZ.couldStartWith(start) ? PackedForm.GZ : PackedForm.NONE;
            case "gzip" -> PackedForm.GZ;
            case "bzip2" -> PackedForm.BZ2;
            case "xz" -> PackedForm.XZ;
            case "lzma" -> PackedForm.LZMA;
            case "zstd" -> PackedForm.ZST;
            default -> throw MalformedRpm.structure("the payload is compressed in a way that is not known");
        };
        if (!form.couldStartWith(start)) {
            throw MalformedRpm.corrupt("the payload is not compressed as the header says");
        }
        return form;
    }

    private void walk(PackedForm form, InputStream packed) throws IOException {
        try (InputStream expanded = form.expand(packed, PayloadPart.PAYLOAD)) {
            var seen = new SeenStream(expanded, digests);
            walk = Optional.of(new CpioWalk(seen, files, migrations));
            walk.get().walk();
            digests.expandedWhole();
        }
    }

    /// The packed bytes, hashed and counted; while they are being walked, their number is bounded.
    private static final class HashedStream extends InputStream {
        private final InputStream in;
        private final RpmDigests digests;
        private long bytes;
        private boolean walked;

        HashedStream(InputStream in, RpmDigests digests) {
            this.in = in;
            this.digests = digests;
        }

        long bytes() {
            return bytes;
        }

        void walked() {
            walked = true;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (!walked && bytes >= MAX_WALKED_BYTES) {
                throw PayloadPart.PAYLOAD.tooLong();
            }
            int count = in.read(into, from, length);
            if (count > 0) {
                digests.update(into, from, count);
                bytes += count;
            }
            return count;
        }

        @Override
        public void close() {
            // The stream is read on after the walk.
        }
    }

    /// The expanded bytes, for their own digest.
    private static final class SeenStream extends InputStream {
        private final InputStream in;
        private final RpmDigests digests;

        SeenStream(InputStream in, RpmDigests digests) {
            this.in = in;
            this.digests = digests;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = in.read(into, from, length);
            if (count > 0) {
                digests.updateExpanded(into, from, count);
            }
            return count;
        }
    }
}
