package cambium.formats.deb;

import cambium.formats.ParseResult;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One paragraph of control fields, in the order of the file; names are unique, whatever their case.
///
/// A value keeps its line breaks, and every line after its first starts with a space or tab and is not blank. The
/// constructor holds to that, so a paragraph written out can never grow a field or a second paragraph.
/// See deb-control(5) and Debian Policy 5.1.
public record ControlParagraph(List<Field> fields) {
    static final int MAX_BYTES = 1 << 20;
    static final int MAX_LINES = 20_000;
    static final int MAX_FIELDS = 500;
    static final int MAX_FIELD_NAME_CHARACTERS = 100;

    public ControlParagraph {
        fields = List.copyOf(fields);
        var seen = new HashSet<String>();
        for (Field field : fields) {
            if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("field " + field.name() + " occurs twice");
            }
        }
    }

    /// A field's name as written, and its value: the first line trimmed, later lines with their leading blank.
    public record Field(String name, String value) {
        public Field {
            if (!isName(name)) {
                throw new IllegalArgumentException("not a field name: " + name);
            }
            valueProblem(value).ifPresent(reason -> {
                throw new IllegalArgumentException(name + " " + reason);
            });
        }
    }

    /// Parses the bytes of a `control` file: exactly one paragraph, at most 1 MiB, 20,000 lines and 500 fields.
    public static ParseResult<ControlParagraph> parse(byte[] control) {
        return parse(control, "the control file");
    }

    /// The same for another file of one paragraph; `what` is what refusals call it, e.g. `the .dsc`.
    public static ParseResult<ControlParagraph> parse(byte[] control, String what) {
        try {
            return new ParseResult.Parsed<>(ControlParser.parse(control, what));
        } catch (MalformedDeb refused) {
            return refused.toResult();
        }
    }

    /// The value of the field of that name, whatever its case.
    public Optional<String> get(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return Optional.of(field.value());
            }
        }
        return Optional.empty();
    }

    /// The paragraph as control text, ending with a line feed and no blank line; parses back to an equal value.
    public byte[] toBytes() {
        var text = new StringBuilder();
        for (Field field : fields) {
            text.append(field.name()).append(field.value().startsWith("\n") || field.value().isEmpty() ? ":" : ": ");
            text.append(field.value()).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Without the spaces and tabs around it; a carriage return, which `strip` would hide, stays to be refused.
    static String trimmed(String line) {
        int from = 0;
        int end = line.length();
        while (from < end && isBlank(line.charAt(from))) {
            from++;
        }
        while (end > from && isBlank(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(from, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    static boolean isName(String name) {
        return !name.isEmpty() && name.length() <= MAX_FIELD_NAME_CHARACTERS && name.charAt(0) != '#'
                && name.charAt(0) != '-' && name.chars().allMatch(c -> c > ' ' && c <= '~' && c != ':');
    }

    /// Why this cannot be a value, as the end of a sentence that starts with the field's name.
    static Optional<String> valueProblem(String value) {
        if (value.chars().anyMatch(c -> c < ' ' && c != '\t' && c != '\n' || c == 0x7f)) {
            return Optional.of("holds a control character");
        }
        String[] lines = value.split("\n", -1);
        if (!lines[0].equals(trimmed(lines[0]))) {
            return Optional.of("has blanks around its first line");
        }
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].isBlank()) {
                return Optional.of("holds a blank line; write ' .' for an empty line");
            }
            if (!isBlank(lines[i].charAt(0))) {
                return Optional.of("has a continuation line that does not start with a blank");
            }
        }
        return Optional.empty();
    }
}
