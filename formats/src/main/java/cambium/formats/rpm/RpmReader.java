package cambium.formats.rpm;

import cambium.formats.ParseResult;
import cambium.formats.packed.SourceStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/// Reads an rpm from a stream, binary or source, in one pass and bounded memory: lead, signature header, main header
/// of format 4 or 6, payload. Every digest that the package states is computed again. The payload is also expanded and
/// walked as a cpio archive, as far as [RpmPayload] says.
///
/// Bounds: 31 MiB for an entry in an index, and those of [RpmHeader], [RpmFields], [RpmFileList] and [RpmPayload].
/// Beyond what is walked, time grows with the size of the file by hashing alone.
/// Refusals: `rpm_malformed`, `corrupt` (the compressed payload is broken), `too_large_expanded`.
public final class RpmReader {

    /// Less than a chunk of an index may hold.
    private static final long MAX_ENTRY_BYTES = 31L << 20;

    private RpmReader() {}

    /// Reads the stream to its end, without closing it.
    ///
    /// @throws IOException only when the stream itself fails
    public static ParseResult<RpmPackage> read(InputStream in) throws IOException {
        try {
            return new ParseResult.Parsed<>(readAll(new SourceStream(in)));
        } catch (MalformedRpm refused) {
            return refused.toResult();
        } catch (UncheckedIOException source) {
            throw source.getCause();
        }
    }

    private static RpmPackage readAll(SourceStream in) throws IOException {
        RpmLead.read(in);
        RpmHeader signature = RpmHeader.signature(in);
        int signatureBytes = signature.bytes().length;
        int padding = -signatureBytes & 7;
        if (in.readNBytes(padding).length < padding) {
            throw MalformedRpm.structure("the file ends behind its signature header");
        }
        RpmHeader header = RpmHeader.main(in);
        long start = RpmLead.BYTES + (long) signatureBytes + padding;
        var range = new HeaderRange(start, start + header.bytes().length);
        var fields = new RpmFields(header);
        if (fields.isFormatSix()) {
            FormatSix.check(signature, header);
        }
        List<RpmFile> files = RpmFileList.of(header, fields.source());
        var digests = new RpmDigests(signature, header);
        var payload = new RpmPayload(in, header, digests, files, fields.name());
        long payloadBytes = payload.read();
        FormatSix.checkSize(header, payloadBytes);
        long archiveBytes = archiveBytes(signature, header);
        RpmPayload.checkRatio(archiveBytes, payloadBytes);
        var sizes = new RpmSizes(range.end() + payloadBytes, fields.installedBytes(), archiveBytes);
        RpmPackage rpm = fields.describe(range, sizes, files,
                digests.proof(signature, header.bytes().length + payloadBytes), payload.migrations());
        if (RpmEntries.mostBytes(rpm) > MAX_ENTRY_BYTES) {
            throw MalformedRpm.structure("what the package says of itself and its files is larger than an index takes");
        }
        return rpm;
    }

    private static long archiveBytes(RpmHeader signature, RpmHeader header) throws MalformedRpm {
        var stated = signature.number(RpmTag.SIGNATURE_ARCHIVE_SIZE);
        if (stated.isEmpty()) {
            stated = signature.number(RpmTag.SIGNATURE_LONG_ARCHIVE_SIZE);
        }
        if (stated.isEmpty()) {
            stated = header.number(RpmTag.ARCHIVE_SIZE);
        }
        return stated.isPresent() ? stated.get() : header.number(RpmTag.PAYLOAD_SIZE_EXPANDED).orElse(0L);
    }
}
