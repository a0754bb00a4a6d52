package cambium.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The rows of the result: what was measured, how often, and its spread. One unit a row.
public final class Figures {
    private final List<String> rows = new ArrayList<>();

    public void add(String what, String unit, String goal, double... values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        rows.add(String.format(Locale.ROOT, "| %s | %s | %s | %s | %s | %d | %s |", what, unit,
                number(at(sorted, 0.5)), number(at(sorted, 0.99)), number(sorted[sorted.length - 1]), sorted.length,
                goal));
        System.out.println(rows.getLast());
    }

    public String table() {
        return "| figure | unit | median | p99 | worst | samples | goal |\n|---|---|---:|---:|---:|---:|---|\n"
                + String.join("\n", rows) + "\n";
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
