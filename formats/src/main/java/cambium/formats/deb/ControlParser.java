package cambium.formats.deb;

import cambium.formats.deb.ControlParagraph.Field;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Parses one paragraph of control fields, refusing whatever two readers could understand differently.
final class ControlParser {
    private final String what;
    private final List<Field> fields = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final StringBuilder value = new StringBuilder();
    private String name = "";
    private boolean ended;

    private ControlParser(String what) {
        this.what = what;
    }

    /// @param what the file is called in refusals, e.g. `the control file`
    static ControlParagraph parse(byte[] control, String what) throws MalformedDeb {
        if (control.length > ControlParagraph.MAX_BYTES) {
            throw MalformedDeb.tooLarge(what + " is larger than " + ControlParagraph.MAX_BYTES + " bytes");
        }
        String text = decode(control, what);
        if (!text.endsWith("\n")) {
            throw MalformedDeb.structure(what + " does not end with a line feed");
        }
        var parser = new ControlParser(what);
        int lines = 0;
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            if (++lines > ControlParagraph.MAX_LINES) {
                throw MalformedDeb.structure(what + " has more than " + ControlParagraph.MAX_LINES + " lines");
            }
            parser.line(text.substring(from, end));
            from = end + 1;
        }
        parser.endField();
        if (parser.fields.isEmpty()) {
            throw MalformedDeb.structure(what + " holds no fields");
        }
        return new ControlParagraph(parser.fields);
    }

    private static String decode(byte[] control, String what) throws MalformedDeb {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(control)).toString();
        } catch (CharacterCodingException notText) {
            throw MalformedDeb.structure(what + " is not valid UTF-8");
        }
        if (text.startsWith("\uFEFF")) {
            throw MalformedDeb.structure(what + " starts with a byte order mark");
        }
        return text;
    }

    private void line(String line) throws MalformedDeb {
        if (line.isEmpty()) {
            // dpkg skips blank lines before and after the only paragraph, and so do we.
            endField();
            ended = !fields.isEmpty();
            return;
        }
        if (ended) {
            throw MalformedDeb.structure(what + " holds more than one paragraph");
        }
        if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
            if (name.isEmpty()) {
                throw MalformedDeb.structure(what + " starts with a continuation line");
            }
            value.append('\n').append(line);
            return;
        }
        endField();
        startField(line);
    }

    private void startField(String line) throws MalformedDeb {
        int colon = line.indexOf(':');
        if (colon < 0 || !ControlParagraph.isName(line.substring(0, colon))) {
            throw MalformedDeb.structure("a line of " + what + " is neither a field nor a continuation: "
                    + shown(line));
        }
        name = line.substring(0, colon);
        if (!seen.add(name.toLowerCase(Locale.ROOT))) {
            throw MalformedDeb.field(name, "field " + name + " occurs twice");
        }
        if (seen.size() > ControlParagraph.MAX_FIELDS) {
            throw MalformedDeb.structure(what + " has more than " + ControlParagraph.MAX_FIELDS + " fields");
        }
        value.append(ControlParagraph.trimmed(line.substring(colon + 1)));
    }

    private void endField() throws MalformedDeb {
        if (name.isEmpty()) {
            return;
        }
        String whole = value.toString();
        var problem = ControlParagraph.valueProblem(whole);
        if (problem.isPresent()) {
            throw MalformedDeb.field(name, "field " + name + " " + problem.get());
        }
        fields.add(new Field(name, whole));
        name = "";
        value.setLength(0);
    }

    /// Enough of a line to recognise it, with nothing that could disturb a terminal or a log.
    private static String shown(String line) {
        String start = line.length() > 40 ? line.substring(0, 40) + "..." : line;
        return start.replaceAll("[^ -~]", "?");
    }
}
