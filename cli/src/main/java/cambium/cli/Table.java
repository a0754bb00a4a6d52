package cambium.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Columns under their headings, two spaces apart; the last one is free to be long. Empty columns are left out:
/// a calm fleet gives a small table.
final class Table {
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        this.headings = List.of(headings);
    }

    void row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalStateException(cells.length + " cells under " + headings.size() + " headings");
        }
        rows.add(List.of(cells));
    }

    /// None where there is no row.
    List<String> lines(Ink ink) {
        if (rows.isEmpty()) {
            return List.of();
        }
        var kept = new ArrayList<Integer>();
        for (int column = 0; column < headings.size(); column++) {
            int at = column;
            if (rows.stream().anyMatch(row -> !row.get(at).isEmpty())) {
                kept.add(column);
            }
        }
        var lines = new ArrayList<String>();
        lines.add(ink.faint(line(headings, kept)));
        rows.forEach(row -> lines.add(line(row, kept)));
        return lines;
    }

    private String line(List<String> cells, List<Integer> kept) {
        var line = new StringBuilder();
        for (int column : kept) {
            String cell = cells.get(column);
            line.append(cell).repeat(" ", width(column) - visible(cell) + 2);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int widest = visible(headings.get(column));
        for (var row : rows) {
            widest = Math.max(widest, visible(row.get(column)));
        }
        return widest;
    }

    private static int visible(String text) {
        return COLOUR.matcher(text).replaceAll("").length();
    }
}
