package cambium.simulation;

import java.util.ArrayList;
import java.util.List;

/// Rows of text as aligned columns.
final class Columns {
    private Columns() {}

    static List<String> of(List<String> head, List<List<String>> rows) {
        var all = new ArrayList<List<String>>();
        all.add(head);
        all.addAll(rows);
        var lines = new ArrayList<String>();
        for (var row : all) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = all.stream().mapToInt(each -> each.get(column).length()).max().orElseThrow();
                line.append(String.format("  %-" + Math.max(1, width) + "s", row.get(i)));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
