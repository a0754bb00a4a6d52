package cambium.formats.deb;

import cambium.formats.ParseResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a .deb from a stream, in one pass and bounded memory, and holds it to deb(5) more strictly than dpkg does:
/// `debian-binary` of format 2, one control archive, one data archive, nothing behind. Members whose name starts
/// with an underscore (signatures) may stand between and after, as deb(5) foresees.
///
/// The data archive is checked by name and first bytes only, and not expanded: nothing here reads its files, its
/// bytes are covered by the digests of the whole .deb, and expanding would put the cost in the hands of the sender.
///
/// Bounds: control archive 32 MiB, packed and expanded, and at most 200 times its size (after 10 MiB); `control`
/// 1 MiB; 34 MiB of memory for xz, a window of 2^27 bytes for zstd (outside the heap); 9,000 entries; 64 members.
/// Refusals: `deb_malformed`, `corrupt` (a compressed stream is broken), `too_large_expanded`.
public final class DebReader {
    private static final Pattern FORMAT = Pattern.compile("2\\.[0-9]{1,3}\n");
    private static final int MAX_FORMAT_BYTES = 16;

    private final ArReader archive;

    private DebReader(ArReader archive) {
        this.archive = archive;
    }

    /// Reads the stream to its end, without closing it.
    ///
    /// @throws IOException only when the stream itself fails
    public static ParseResult<DebPackage> read(InputStream in) throws IOException {
        try {
            return new ParseResult.Parsed<>(new DebReader(new ArReader(new SourceStream(in))).read());
        } catch (MalformedDeb refused) {
            return refused.toResult();
        } catch (UncheckedIOException source) {
            throw source.getCause();
        }
    }

    private DebPackage read() throws IOException {
        readFormat();
        ArReader.Member control = nextOrdinary("a control archive");
        var compression = Compression.ofMember(control.name(), "control.tar")
                .filter(Compression::readable)
                .orElseThrow(() -> MalformedDeb.structure("the second member is " + control.name()
                        + "; it must be control.tar, alone or with .gz, .xz or .zst"));
        if (control.size() > ExpandedStream.MAX_BYTES) {
            throw MalformedDeb.tooLarge("the control archive is larger than " + ExpandedStream.MAX_BYTES + " bytes");
        }
        byte[] text;
        try (InputStream expanded = compression.expand(control.content())) {
            text = readControl(new TarReader(expanded));
        }
        DebPackage parsed = DebPackage.from(ControlParser.parse(text));
        checkPayload(nextOrdinary("a data archive"));
        for (var rest = archive.next(); rest.isPresent(); rest = archive.next()) {
            if (!rest.get().name().startsWith("_")) {
                throw MalformedDeb.structure("member " + rest.get().name() + " stands after the data archive");
            }
        }
        return parsed;
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

    private static byte[] readControl(TarReader tar) throws IOException {
        byte[] control = null;
        for (Optional<TarReader.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
            if (entry.get().name().equals("control")) {
                if (entry.get().folder()) {
                    throw MalformedDeb.structure("control is a folder, where it must be a file");
                }
                control = tar.content(ControlParagraph.MAX_BYTES, "the control file");
            }
        }
        if (control == null) {
            throw MalformedDeb.structure("the control archive holds no control file");
        }
        return control;
    }

    private static void checkPayload(ArReader.Member payload) throws IOException {
        var compression = Compression.ofMember(payload.name(), "data.tar")
                .orElseThrow(() -> MalformedDeb.structure("the third member is " + payload.name()
                        + "; it must be data.tar, alone or with .gz, .xz, .zst, .bz2 or .lzma"));
        byte[] start = payload.content().readNBytes(Compression.START_BYTES);
        if (!compression.couldStartWith(start)) {
            throw MalformedDeb.corrupt("the content of " + payload.name() + " is not what its name says");
        }
    }
}
