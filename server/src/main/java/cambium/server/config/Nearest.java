package cambium.server.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds the word that somebody probably meant.
public final class Nearest {
    private static final int MAX_WORD = 64;

    private Nearest() {}

    /// The known word with the fewest edits; the first of equals.
    public static String of(String given, List<String> known) {
        return known.stream().min(Comparator.comparingInt(word -> edits(given, word))).orElseThrow();
    }

    /// That word, when at most a third of the letters (and always one or two) differ.
    public static Optional<String> to(String word, List<String> known) {
        if (word.length() > MAX_WORD) {
            return Optional.empty();
        }
        var allowed = Math.max(2, word.length() / 3);
        return known.stream().distinct()
                .min(Comparator.comparingInt(candidate -> edits(word, candidate)))
                .filter(nearest -> edits(word, nearest) <= allowed);
    }

    /// Letters to insert, remove or replace to get from one word to the other (Levenshtein).
    private static int edits(String from, String to) {
        var row = new int[to.length() + 1];
        for (var j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= from.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.length(); j++) {
                var replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
