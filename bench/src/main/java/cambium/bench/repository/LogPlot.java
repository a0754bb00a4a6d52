package cambium.bench.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/// Processor seconds over the number of packages, both on logarithmic axes, as one SVG file that reads in light and
/// dark. Lines are named at their right end.
final class LogPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 470;
    private static final int LEFT = 70;
    private static final int RIGHT = 310;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final double MIN_SECONDS = 0.01;
    private static final double MAX_SECONDS = 100;
    private static final double LABEL_HEIGHT = 16;
    private static final String[] INKS = {"#c2410c", "#2563eb", "#0f766e", "#7c3aed", "#64748b", "#a16207", "#be185d"};

    private final StringBuilder out = new StringBuilder();
    private final int minSize;
    private final int maxSize;

    private LogPlot(int minSize, int maxSize) {
        this.minSize = minSize;
        this.maxSize = maxSize;
    }

    static String of(String title, Map<String, SortedMap<Integer, Cost>> costs) {
        int least = costs.values().stream().mapToInt(SortedMap::firstKey).min().orElseThrow();
        int most = costs.values().stream().mapToInt(SortedMap::lastKey).max().orElseThrow();
        return new LogPlot(least, Math.max(most, least * 10)).draw(title, costs);
    }

    private String draw(String title, Map<String, SortedMap<Integer, Cost>> costs) {
        out.append(String.format(Locale.ROOT, """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
            <style>text{fill:#1f2937}.grid{stroke:#94a3b8;stroke-opacity:.35}@media(prefers-color-scheme:dark)\
            {text{fill:#e5e7eb}}</style>
            <text x="%d" y="24" font-size="16">%s</text>
            """, WIDTH, HEIGHT, LEFT, title));
        grid();
        var ends = new ArrayList<End>();
        int number = 0;
        for (var line : costs.entrySet()) {
            ends.add(line(line.getKey(), line.getValue(), INKS[number++ % INKS.length]));
        }
        labels(ends);
        return out.append("</svg>\n").toString();
    }

    private void grid() {
        for (double seconds = MIN_SECONDS; seconds <= MAX_SECONDS * 1.01; seconds *= 10) {
            out.append(String.format(Locale.ROOT, """
                <line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>
                <text x="%d" y="%.1f" text-anchor="end">%s</text>
                """, LEFT, WIDTH - RIGHT, y(seconds), y(seconds), LEFT - 8, y(seconds) + 4,
                seconds < 1 ? Math.round(seconds * 1000) + " ms" : Math.round(seconds) + " s"));
        }
        for (int size = minSize; size <= maxSize; size *= 10) {
            out.append(String.format(Locale.ROOT, """
                <line class="grid" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>
                <text x="%.1f" y="%d" text-anchor="middle">%,d</text>
                """, x(size), x(size), TOP, HEIGHT - BOTTOM, x(size), HEIGHT - BOTTOM + 20, size));
        }
        out.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">packages in the "
            + "repository</text>%n", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14));
    }

    private record End(String name, double y, String ink) {}

    private End line(String name, SortedMap<Integer, Cost> points, String ink) {
        var path = new StringBuilder();
        points.forEach((size, cost) -> path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : "L",
            x(size), y(cost.cpuSeconds()))));
        out.append(String.format(Locale.ROOT,
            "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>%n", path, ink,
            name.startsWith("Cambium") ? "4" : "2"));
        points.forEach((size, cost) -> out.append(String.format(Locale.ROOT,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>%n", x(size), y(cost.cpuSeconds()), ink)));
        return new End(name, y(points.lastEntry().getValue().cpuSeconds()), ink);
    }

    /// From the top down, each at least a line's height below the one before.
    private void labels(List<End> ends) {
        double free = 0;
        for (End end : ends.stream().sorted((a, b) -> Double.compare(a.y(), b.y())).toList()) {
            double y = Math.max(end.y() + 4, free);
            free = y + LABEL_HEIGHT;
            out.append(String.format(Locale.ROOT, """
                <rect x="%d" y="%.1f" width="10" height="10" fill="%s"/><text x="%d" y="%.1f">%s</text>
                """, WIDTH - RIGHT + 12, y - 10, end.ink(), WIDTH - RIGHT + 28, y, end.name()));
        }
    }

    private double x(double size) {
        return LEFT + (WIDTH - RIGHT - LEFT) * Math.log(size / minSize) / Math.log((double) maxSize / minSize);
    }

    private static double y(double seconds) {
        double share = Math.log(Math.clamp(seconds, MIN_SECONDS, MAX_SECONDS) / MIN_SECONDS)
            / Math.log(MAX_SECONDS / MIN_SECONDS);
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share;
    }
}
