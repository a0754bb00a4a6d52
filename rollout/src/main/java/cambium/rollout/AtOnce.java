package cambium.rollout;

import java.util.regex.Pattern;

/// How many cells of a ring may be in motion at one time. At least one always may.
public sealed interface AtOnce {
    Pattern GRAMMAR = Pattern.compile("([0-9]{1,6})|([0-9]{1,6})%(?:,? at most ([0-9]{1,6}))?");

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

    /// A percentage that stays bearable when the ring grows.
    record Capped(Percent share, Cells most) implements AtOnce {
        @Override
        public String toString() {
            return share + ", at most " + most;
        }
    }

    /// Reads `3`, `25%` or `25%, at most 10`.
    static AtOnce of(String text) {
        var match = GRAMMAR.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("'" + text + "' is neither a number of cells (3), a percentage (25%)"
                    + " nor a percentage with a cap (25%, at most 10)");
        }
        if (match.group(1) != null) {
            return new Cells(Integer.parseInt(match.group(1)));
        }
        var share = new Percent(Integer.parseInt(match.group(2)));
        return match.group(3) == null ? share : new Capped(share, new Cells(Integer.parseInt(match.group(3))));
    }

    /// The limit in a ring of that many cells; percentages are rounded down, but never below one.
    default int among(int cells) {
        return switch (this) {
            case Cells(int count) -> count;
            case Percent(int percent) -> Math.max(1, (int) ((long) cells * percent / 100));
            case Capped(var share, var most) -> Math.min(share.among(cells), most.among(cells));
        };
    }
}
