package cambium.rollout;

import java.util.regex.Pattern;

/// The name of a cell in its fleet: lower case letters, digits and dashes, at most 40 characters; fit for URLs and
/// attempt ids.
public record CellId(String value) implements Comparable<CellId> {
    private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    public CellId {
        Grammar.match(GRAMMAR, "cell name", value);
    }

    public static CellId of(String value) {
        return new CellId(value);
    }

    @Override
    public int compareTo(CellId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
