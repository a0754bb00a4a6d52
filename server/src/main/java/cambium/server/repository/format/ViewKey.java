package cambium.server.repository.format;

import java.util.Comparator;

/// Which index of a channel: its kind, such as `packages` or `primary`, and its architecture, such as `amd64`.
/// An entry for [#ALL] stands in the view of every architecture of its kind.
public record ViewKey(String kind, String architecture) implements Comparable<ViewKey> {
    /// Instead of an architecture: every one.
    public static final String ALL = "all";

    private static final Comparator<ViewKey> ORDER =
        Comparator.comparing(ViewKey::kind).thenComparing(ViewKey::architecture);

    public ViewKey {
        if (!kind.matches("[a-z][a-z0-9-]{0,31}") || !isArchitecture(architecture)) {
            throw new IllegalArgumentException("not a kind and architecture of a view: " + kind + ", " + architecture);
        }
    }

    /// Whether this can be an architecture, or a folder named after one.
    public static boolean isArchitecture(String text) {
        return text.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    }

    public boolean isForAll() {
        return architecture.equals(ALL);
    }

    @Override
    public int compareTo(ViewKey other) {
        return ORDER.compare(this, other);
    }
}
