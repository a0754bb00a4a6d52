package cambium.rollout;

/// How many cells of a ring may be in motion at one time. At least one always may.
public sealed interface AtOnce {
    record Cells(int count) implements AtOnce {
        public Cells {
            Grammar.range("at-once", count, 1, FleetSpec.MAX_CELLS);
        }

        @Override
        public String toString() {
            return Integer.toString(count);
        }
    }

    record Percent(int percent) implements AtOnce {
        public Percent {
            Grammar.range("at-once %", percent, 1, 100);
        }

        @Override
        public String toString() {
            return percent + "%";
        }
    }

    /// Reads `3` or `25%`.
    static AtOnce of(String text) {
        if (!text.matches("[0-9]{1,6}%?")) {
            throw new IllegalArgumentException("'" + text + "' is neither a number of cells nor a percentage");
        }
        return text.endsWith("%") ? new Percent(Integer.parseInt(text.substring(0, text.length() - 1)))
                : new Cells(Integer.parseInt(text));
    }

    /// The limit in a ring of that many cells; percentages are rounded down, but never below one.
    default int among(int cells) {
        return switch (this) {
            case Cells(int count) -> count;
            case Percent(int percent) -> Math.max(1, (int) ((long) cells * percent / 100));
        };
    }
}
