package cambium.rollout;

import java.util.Comparator;

/// What a brake, a wait or a page is about.
public sealed interface Scope extends Comparable<Scope> {
    Comparator<Scope> ORDER = Comparator.comparingInt(Scope::rank).thenComparing(Scope::toString);

    record FleetWide() implements Scope {
        @Override
        public String toString() {
            return "fleet";
        }
    }

    record OfRing(RingNumber ring) implements Scope {
        @Override
        public String toString() {
            return "ring " + ring;
        }
    }

    record OfCell(CellId cell) implements Scope {
        @Override
        public String toString() {
            return "cell " + cell;
        }
    }

    record OfVersion(ProductVersion version) implements Scope {
        @Override
        public String toString() {
            return "version " + version;
        }
    }

    /// Reads `fleet`, `ring 2`, `cell c1`, `version 1.2.0`.
    static Scope of(String text) {
        String[] words = text.strip().split("\\s+", 3);
        if (words.length == 1 && words[0].equals("fleet")) {
            return new FleetWide();
        }
        if (words.length != 2) {
            throw new IllegalArgumentException("'" + text + "' is not a scope: fleet, ring N, cell NAME or version V");
        }
        return switch (words[0]) {
            case "ring" -> new OfRing(RingNumber.of(words[1]));
            case "cell" -> new OfCell(CellId.of(words[1]));
            case "version" -> new OfVersion(ProductVersion.of(words[1]));
            default -> throw new IllegalArgumentException("'" + text
                    + "' is not a scope: fleet, ring N, cell NAME or version V");
        };
    }

    private static int rank(Scope scope) {
        return switch (scope) {
            case FleetWide() -> 0;
            case OfRing(var _) -> 1;
            case OfCell(var _) -> 2;
            case OfVersion(var _) -> 3;
        };
    }

    @Override
    default int compareTo(Scope other) {
        return ORDER.compare(this, other);
    }
}
