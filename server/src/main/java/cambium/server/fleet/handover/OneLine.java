package cambium.server.fleet.handover;

import java.util.regex.Pattern;

/// Makes what the other side said fit to be shown and kept: one line, bounded, without control characters and those
/// that turn the direction of writing.
public final class OneLine {
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

    private OneLine() {}

    public static String of(String text, int maxCharacters) {
        var clean = clean(text);
        return clean.length() <= maxCharacters ? clean
                : clean.substring(0, clean.offsetByCodePoints(0, clean.codePointCount(0, maxCharacters))) + "…";
    }

    /// Of a long text its end, where programs say why they gave up.
    public static String endOf(String text, int maxCharacters) {
        var clean = clean(text);
        var length = clean.length();
        return length <= maxCharacters ? clean : "…" + clean.substring(clean.offsetByCodePoints(length,
                -clean.codePointCount(length - maxCharacters, length)));
    }

    private static String clean(String text) {
        return UNFIT.matcher(text).replaceAll(" ").strip();
    }
}
