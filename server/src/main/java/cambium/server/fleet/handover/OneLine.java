package cambium.server.fleet.handover;

/// Makes what the other side said fit to be a reason: one line, without control characters, bounded.
public final class OneLine {
    private OneLine() {}

    public static String of(String text, int maxCharacters) {
        var clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return clean.length() <= maxCharacters ? clean : clean.substring(0, maxCharacters) + "…";
    }
}
