package cambium.rollout;

/// The place of a ring: 0 is innermost; −1 is quarantine and never receives anything; at most 999.
public record RingNumber(int value) implements Comparable<RingNumber> {
    public static final RingNumber QUARANTINE = new RingNumber(-1);
    public static final RingNumber INNERMOST = new RingNumber(0);

    public RingNumber {
        Grammar.range("ring", value, -1, 999);
    }

    public static RingNumber of(int value) {
        return new RingNumber(value);
    }

    /// Reads `2` or `ring-2`, as people type it.
    public static RingNumber of(String text) {
        String digits = text.startsWith("ring-") ? text.substring(5) : text;
        if (!digits.matches("-1|[0-9]{1,3}")) {
            throw new IllegalArgumentException("'" + text + "' is not a ring number");
        }
        return new RingNumber(Integer.parseInt(digits));
    }

    public RingNumber next() {
        return new RingNumber(value + 1);
    }

    /// The ring just inside this one; only rings above 0 have one.
    public RingNumber inner() {
        if (value <= 0) {
            throw new IllegalStateException("ring " + value + " has no inner ring");
        }
        return new RingNumber(value - 1);
    }

    @Override
    public int compareTo(RingNumber other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
