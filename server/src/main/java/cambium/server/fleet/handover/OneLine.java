package cambium.server.fleet.handover;

import java.util.regex.Pattern;

/// Makes what the other side said fit to be shown and kept: one line, bounded, without control characters and those
/// that turn the direction of writing.
public final class OneLine {
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

    private OneLine() {}

    public static String of(String text, int maxCharacters) {
        var clean = UNFIT.matcher(text).replaceAll(" ").strip();
        return clean.length() <= maxCharacters ? clean
                : clean.substring(0, clean.offsetByCodePoints(0, clean.codePointCount(0, maxCharacters))) + "…";
    }
}
