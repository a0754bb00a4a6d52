package cambium.rollout;

import java.util.regex.Pattern;

/// Checks of the strict grammars that ids and texts must match, so that no name can ever be read as a path or a
/// command.
final class Grammar {
    static final int MAX_TEXT_CHARACTERS = 4096;

    private Grammar() {}

    static String match(Pattern pattern, String what, String value) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException("'" + shortened(value) + "' is not a " + what + " (" + pattern.pattern()
                    + ")");
        }
        return value;
    }

    /// Free text of a person or of evidence: never blank, at most {@value #MAX_TEXT_CHARACTERS} characters.
    static String text(String what, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(what + " must not be blank");
        }
        return value.length() <= MAX_TEXT_CHARACTERS ? value : value.substring(0, MAX_TEXT_CHARACTERS);
    }

    static void range(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value + ", must be from " + least + " to " + most);
        }
    }

    private static String shortened(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "…";
    }
}
