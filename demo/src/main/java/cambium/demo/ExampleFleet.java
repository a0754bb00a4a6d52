package cambium.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The fleet of `deploy/example/fleet.yaml`, fitted to this run: free ports, folders of its own, and a bake of seconds.
/// Rings, kinds and perimeter stay as that file has them.
///
/// @param perimeter the last ring inside
record ExampleFleet(String yaml, List<DemoCell> cells, int perimeter) {
    private static final String BAKE = "bake: {time: 3s, samples: 20}";
    private static final Pattern RING = Pattern.compile("\\s*- ring: (\\d+)\\s*");
    private static final Pattern CELL =
            Pattern.compile(".*\\{cell: ([a-z0-9-]+),.*settings: \\{port: \"(\\d+)\"}}\\s*");
    private static final Pattern PERIMETER = Pattern.compile("(?m)^perimeter: (\\d+)$");

    static ExampleFleet fitted(Path example, FreePorts ports, Path cellFolders, Path javaHome) throws IOException {
        var lines = new ArrayList<String>();
        var cells = new ArrayList<DemoCell>();
        int ring = -1;
        for (String line : Files.readAllLines(example)) {
            Matcher head = RING.matcher(line);
            Matcher cell = CELL.matcher(line);
            if (head.matches()) {
                ring = Integer.parseInt(head.group(1));
            }
            if (cell.matches()) {
                var placed = new DemoCell(cell.group(1), ring, ports.take());
                cells.add(placed);
                lines.add(fitted(line, cell.group(2), placed, cellFolders, javaHome));
            } else {
                lines.add(line.replaceAll("bake: \\{[^}]*}", BAKE));
            }
        }
        String yaml = String.join("\n", lines) + "\n";
        Matcher perimeter = PERIMETER.matcher(yaml);
        if (cells.isEmpty() || !yaml.contains(BAKE) || !perimeter.find()) {
            throw new IllegalStateException(example + " is not written as this program reads it");
        }
        return new ExampleFleet(yaml, List.copyOf(cells), Integer.parseInt(perimeter.group(1)));
    }

    private static String fitted(String line, String port, DemoCell cell, Path cellFolders, Path javaHome) {
        String settings = "settings: {port: \"%d\", folder: %s, java-home: %s}}"
                .formatted(cell.port(), quoted(cellFolders.resolve(cell.name())), quoted(javaHome));
        return line.substring(0, line.indexOf("settings:")).replace(":" + port + "/", ":" + cell.port() + "/")
                + settings;
    }

    /// A path as a YAML scalar in single quotes.
    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }

    List<DemoCell> inside() {
        return cells.stream().filter(cell -> cell.ring() <= perimeter).toList();
    }

    List<DemoCell> beyond(int ring) {
        return cells.stream().filter(cell -> cell.ring() > ring).toList();
    }

    int lastRing() {
        return cells.getLast().ring();
    }
}
