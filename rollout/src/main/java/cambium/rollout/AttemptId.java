package cambium.rollout;

import java.util.Comparator;
import java.util.regex.Pattern;

/// Names one try of one step on one cell, `r7.cell4.deploy.1`. It is derived from the state, never drawn at random, so
/// a coordinator that crashed and decides again arrives at the same name and drivers can tell a repeat from a new try.
public record AttemptId(int rollout, CellId cell, Step step, int tryNumber) implements Comparable<AttemptId> {
    private static final Pattern GRAMMAR = Pattern.compile("r([0-9]{1,9})\\.([a-z0-9-]+)\\.([a-z]+)\\.([0-9]{1,6})");
    private static final Comparator<AttemptId> ORDER = Comparator.comparingInt(AttemptId::rollout)
            .thenComparing(AttemptId::cell).thenComparing(AttemptId::step).thenComparingInt(AttemptId::tryNumber);

    public AttemptId {
        Grammar.range("rollout", rollout, 1, 999_999_999);
        Grammar.range("try", tryNumber, 1, 999_999);
    }

    public static AttemptId of(String text) {
        var match = GRAMMAR.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an attempt id");
        }
        return new AttemptId(Integer.parseInt(match.group(1)), CellId.of(match.group(2)), Step.of(match.group(3)),
                Integer.parseInt(match.group(4)));
    }

    @Override
    public int compareTo(AttemptId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "r" + rollout + "." + cell + "." + step.word() + "." + tryNumber;
    }
}
