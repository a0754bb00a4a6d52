package cambium.rollout;

import java.util.regex.Pattern;

/// The name of what a rollout carries, at most 64 characters. Names are compared for equality; *newer* is said by
/// rollout numbers, so the order here is only a stable order of text.
public record ProductVersion(String value) implements Comparable<ProductVersion> {
    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+~_-]{0,63}");

    public ProductVersion {
        Grammar.match(GRAMMAR, "product version", value);
    }

    public static ProductVersion of(String value) {
        return new ProductVersion(value);
    }

    @Override
    public int compareTo(ProductVersion other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
