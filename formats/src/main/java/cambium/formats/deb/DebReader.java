package cambium.formats.deb;

import cambium.formats.ParseResult;
import cambium.formats.packed.SourceStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a .deb from a stream, in one pass and bounded memory, and holds it to deb(5) more strictly than dpkg does:
/// `debian-binary` of format 2, one control archive, one data archive, nothing behind. Members whose name starts
/// with an underscore (signatures) may stand between and after, as deb(5) foresees.
///
/// [#read(InputStream)] checks the data archive by name and first bytes only. [#readWhole(InputStream)] walks it for
/// the names in it and verifies its compressed stream; up to 66 MiB of memory for xz and up to 20 s of CPU are then in
/// the hands of the sender, so a caller bounds how many walk at once.
///
/// Bounds: control archive 32 MiB, packed and expanded; data archive 2 GiB expanded (bzip2 128 MiB), beyond which it is
/// not walked; either at most 200 times its size (after 10 MiB). `control` and `conffiles` 1 MiB each; 34 MiB of memory
/// for the xz of a control archive, a window of 2^27 bytes for zstd (outside the heap); 9,000 entries; 64 members.
/// Refusals: `deb_malformed`, `corrupt` (a compressed stream is broken), `too_large_expanded`.
public final class DebReader {
    private static final Pattern FORMAT = Pattern.compile("2\\.[0-9]{1,3}\n");
    private static final int MAX_FORMAT_BYTES = 16;

    private final ArReader archive;

    private Optional<String> copyright = Optional.empty();
    private Optional<String> migrations = Optional.empty();

    private DebReader(ArReader archive) {
        this.archive = archive;
    }

    /// What the control file says. Reads the stream to its end, without closing it.
    ///
    /// @throws IOException only when the stream itself fails
    public static ParseResult<DebPackage> read(InputStream in) throws IOException {
        return switch (read(in, false)) {
            case ParseResult.Parsed<DebArchive>(var whole) -> new ParseResult.Parsed<>(whole.deb());
            case ParseResult.Malformed<DebArchive>(var code, var reason, var field) ->
                new ParseResult.Malformed<>(code, reason, field);
        };
    }

    /// The same, with what the two archives hold beside it.
    ///
    /// @throws IOException only when the stream itself fails
    public static ParseResult<DebArchive> readWhole(InputStream in) throws IOException {
        return read(in, true);
    }

    private static ParseResult<DebArchive> read(InputStream in, boolean walking) throws IOException {
        try {
            return new ParseResult.Parsed<>(new DebReader(new ArReader(new SourceStream(in))).read(walking));
        } catch (MalformedDeb refused) {
            return refused.toResult();
        } catch (UncheckedIOException source) {
            throw source.getCause();
        }
    }

    private record Control(byte[] control, byte[] conffiles) {}

    private DebArchive read(boolean walking) throws IOException {
        readFormat();
        ArReader.Member control = nextOrdinary("a control archive");
        var compression = Compression.ofMember(control.name(), "control.tar")
                .filter(Compression::readableAsControl)
                .orElseThrow(() -> MalformedDeb.structure("the second member is " + control.name()
                        + "; it must be control.tar, alone or with .gz, .xz or .zst"));
        if (control.size() > ArchivePart.CONTROL.maxBytes()) {
            throw ArchivePart.CONTROL.tooLarge("is larger than " + ArchivePart.CONTROL.maxBytes() + " bytes");
        }
        Control texts;
        try (InputStream expanded = compression.expand(control.content(), ArchivePart.CONTROL)) {
            texts = readControl(new TarReader(expanded));
        }
        DebPackage parsed = DebPackage.from(ControlParser.parse(texts.control(), "the control file"));
        FileListing files = readPayload(nextOrdinary("a data archive"), parsed.name(), walking);
        for (var rest = archive.next(); rest.isPresent(); rest = archive.next()) {
            if (!rest.get().name().startsWith("_")) {
                throw MalformedDeb.structure("member " + rest.get().name() + " stands after the data archive");
            }
        }
        return new DebArchive(parsed, Conffiles.paths(texts.conffiles()), files, copyright, migrations);
    }

    private void readFormat() throws IOException {
        ArReader.Member first = archive.next().filter(member -> member.name().equals("debian-binary"))
                .orElseThrow(() -> MalformedDeb.structure("the first member is not debian-binary"));
        if (first.size() > MAX_FORMAT_BYTES) {
            throw MalformedDeb.structure("debian-binary is larger than " + MAX_FORMAT_BYTES + " bytes");
        }
        String format = new String(first.content().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (!FORMAT.matcher(format).matches()) {
            throw MalformedDeb.structure("debian-binary does not say 2.0, the only format of packages we know");
        }
    }

    private ArReader.Member nextOrdinary(String what) throws IOException {
        while (true) {
            ArReader.Member member = archive.next()
                    .orElseThrow(() -> MalformedDeb.structure("the file ends where " + what + " should be"));
            if (!member.name().startsWith("_")) {
                return member;
            }
        }
    }

    private static Control readControl(TarReader tar) throws IOException {
        byte[] control = null;
        byte[] conffiles = new byte[0];
        for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            if (entry.get().name().equals("control")) {
                if (entry.get().folder()) {
                    throw MalformedDeb.structure("control is a folder, where it must be a file");
                }
                control = tar.content(ControlParagraph.MAX_BYTES, "the control file");
            }
            if (entry.get().name().equals("conffiles") && !entry.get().folder()) {
                conffiles = tar.content(ControlParagraph.MAX_BYTES, "the list of conffiles");
            }
        }
        if (control == null) {
            throw MalformedDeb.structure("the control archive holds no control file");
        }
        return new Control(control, conffiles);
    }

    private FileListing readPayload(ArReader.Member payload, String name, boolean walking) throws IOException {
        var compression = Compression.ofMember(payload.name(), "data.tar")
                .orElseThrow(() -> MalformedDeb.structure("the third member is " + payload.name()
                        + "; it must be data.tar, alone or with .gz, .xz, .zst, .bz2 or .lzma"));
        byte[] start = payload.content().readNBytes(Compression.START_BYTES);
        if (!compression.couldStartWith(start)) {
            throw MalformedDeb.corrupt("the content of " + payload.name() + " is not what its name says");
        }
        if (!walking) {
            return new FileListing.Unlisted("nobody asked for the names");
        }
        var packed = new SequenceInputStream(new ByteArrayInputStream(start), payload.content());
        try (InputStream expanded = compression.expand(packed, ArchivePart.DATA)) {
            var walk = new DataWalk(expanded, name);
            FileListing listing = walk.walk();
            copyright = walk.copyright();
            migrations = walk.migrations();
            return listing;
        } catch (MalformedDeb refused) {
            if (refused.isUnlisted()) {
                return new FileListing.Unlisted(refused.getMessage());
            }
            throw refused;
        }
    }
}
