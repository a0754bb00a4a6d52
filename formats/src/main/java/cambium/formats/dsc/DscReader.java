package cambium.formats.dsc;

import cambium.formats.ParseResult;
import cambium.formats.deb.ControlParagraph;
import cambium.formats.deb.DebVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads a Debian source control file (dsc(5)), clear-signed or not, in bounded memory: at most 1 MiB, 20,000 lines,
/// 500 fields and 90 files. The lists of files must agree with each other in every name and size. Refusals have the
/// code `dsc_malformed`.
public final class DscReader {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_FILE_NAME_CHARACTERS = 255;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9+.-]{1,127}");
    private static final Pattern FORMAT = Pattern.compile("[0-9]\\.[0-9]{1,2}( \\([a-z0-9]{1,20}\\))?");
    private static final Pattern ARCHITECTURES = Pattern.compile("[a-z0-9-]{1,32}( [a-z0-9-]{1,32}){0,99}");

    /// Only a repository may state these of a source package.
    private static final List<String> REPOSITORY_OWNED = List.of("Package", "Directory");

    private DscReader() {}

    /// Whether these first bytes are those of a .dsc rather than of anything else that is a package.
    public static boolean recognises(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        return text.startsWith("-----BEGIN PGP SIGNED MESSAGE-----") || text.startsWith("Format: ")
                || text.matches("(?s)[A-Za-z][A-Za-z-]{1,40}: [^\\x00]*");
    }

    /// Reads the stream to its end, or to the bound, without closing it.
    ///
    /// @throws IOException only when the stream itself fails
    public static ParseResult<SourcePackage> read(InputStream in) throws IOException {
        byte[] file = in.readNBytes(MAX_BYTES + 1);
        try {
            return new ParseResult.Parsed<>(read(file));
        } catch (MalformedDsc refused) {
            return refused.toResult();
        }
    }

    private static SourcePackage read(byte[] file) throws MalformedDsc {
        if (file.length > MAX_BYTES) {
            throw MalformedDsc.structure("the .dsc is larger than " + MAX_BYTES + " bytes");
        }
        byte[] signed = ClearSigned.text(decoded(file)).getBytes(StandardCharsets.UTF_8);
        ControlParagraph control = switch (ControlParagraph.parse(signed, "the .dsc")) {
            case ParseResult.Parsed<ControlParagraph>(var parsed) -> parsed;
            case ParseResult.Malformed<ControlParagraph>(_, var reason, var field) ->
                throw field.isEmpty() ? MalformedDsc.structure(reason) : MalformedDsc.field(field.get(), reason);
        };
        for (String owned : REPOSITORY_OWNED) {
            if (control.get(owned).isPresent()) {
                throw MalformedDsc.field(owned, "field " + owned + " belongs to the repository, not to a .dsc");
            }
        }
        return read(control);
    }

    private static SourcePackage read(ControlParagraph control) throws MalformedDsc {
        matching(control, "Format", FORMAT, "Format is a number such as 1.0, or 3.0 with a word in parentheses");
        String name = matching(control, "Source", NAME,
                "Source is 2 to 128 lower-case letters, digits and + - . and starts with a letter or digit");
        String architecture = matching(control, "Architecture", ARCHITECTURES,
                "Architecture is a list of words such as any, all or amd64");
        DebVersion version = switch (DebVersion.parse(required(control, "Version"))) {
            case ParseResult.Parsed<DebVersion>(var parsed) -> parsed;
            case ParseResult.Malformed<DebVersion>(_, var reason, _) -> throw MalformedDsc.field("Version", reason);
        };
        var source = new SourcePackage(name, version, architecture, control, FileLists.read(control));
        if (source.fileName().length() > MAX_FILE_NAME_CHARACTERS) {
            throw MalformedDsc.field("Version", "Source and Version together make too long a file name");
        }
        if (source.files().stream().anyMatch(one -> one.name().equals(source.fileName()))) {
            throw MalformedDsc.field("Files", "Files names the .dsc itself");
        }
        return source;
    }

    private static String matching(ControlParagraph control, String field, Pattern pattern, String otherwise)
            throws MalformedDsc {
        String value = required(control, field);
        if (!pattern.matcher(value).matches()) {
            throw MalformedDsc.field(field, otherwise);
        }
        return value;
    }

    static String required(ControlParagraph control, String field) throws MalformedDsc {
        Optional<String> value = control.get(field);
        if (value.isEmpty() || value.get().isEmpty()) {
            throw MalformedDsc.field(field, "field " + field + " is missing or empty");
        }
        return value.get();
    }

    private static String decoded(byte[] file) throws MalformedDsc {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
        } catch (CharacterCodingException notText) {
            throw MalformedDsc.structure("the .dsc is not valid UTF-8");
        }
    }
}
