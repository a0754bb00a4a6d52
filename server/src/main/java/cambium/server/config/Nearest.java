package cambium.server.config;

import java.util.Comparator;
import java.util.List;

/// Finds what someone may have meant.
public final class Nearest {
    private Nearest() {}

    /// The known word with the fewest edits (insert, remove, replace) to the given one; the first of equals.
    public static String of(String given, List<String> known) {
        return known.stream().min(Comparator.comparingInt(word -> edits(given, word))).orElseThrow();
    }

    private static int edits(String one, String other) {
        var above = new int[other.length() + 1];
        for (var j = 0; j <= other.length(); j++) {
            above[j] = j;
        }
        for (var i = 1; i <= one.length(); i++) {
            var row = new int[other.length() + 1];
            row[0] = i;
            for (var j = 1; j <= other.length(); j++) {
                var replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[other.length()];
    }
}
