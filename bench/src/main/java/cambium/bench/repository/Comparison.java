package cambium.bench.repository;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who took how long for the same work at each size, in the order in which they were measured.
final class Comparison {
    private final Map<String, SortedMap<Integer, Cost>> costs = new LinkedHashMap<>();

    void add(String tool, int packages, Cost cost) {
        costs.computeIfAbsent(tool, any -> new TreeMap<>()).put(packages, cost);
        System.out.printf(Locale.ROOT, "%-36s at %,7d: %s%n", tool, packages, text(cost));
    }

    Map<String, SortedMap<Integer, Cost>> costs() {
        return costs;
    }

    /// Seconds by the clock, processor seconds in brackets.
    String table(String corner) {
        var sizes = new TreeSet<Integer>();
        costs.values().forEach(row -> sizes.addAll(row.keySet()));
        var out = new StringBuilder("| " + corner + " |");
        sizes.forEach(size -> out.append(String.format(Locale.ROOT, " %,d |", size)));
        out.append("\n|---|").append("---:|".repeat(sizes.size())).append('\n');
        costs.forEach((tool, row) -> {
            out.append("| ").append(tool).append(" |");
            sizes.forEach(size -> out.append(row.containsKey(size) ? " " + text(row.get(size)) + " |" : " |"));
            out.append('\n');
        });
        return out.toString();
    }

    private static String text(Cost cost) {
        return number(cost.wallSeconds()) + " (" + number(cost.cpuSeconds()) + ")";
    }

    private static String number(double seconds) {
        return String.format(Locale.ROOT, seconds < 0.1 ? "%.3f" : seconds < 10 ? "%.2f" : "%.0f", seconds);
    }
}
