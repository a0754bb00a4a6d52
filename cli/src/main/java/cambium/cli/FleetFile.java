package cambium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file that describes the fleet, and how the server tells what it would change.
final class FleetFile {
    private static final int MAX_FILE_BYTES = 1 << 20;

    private FleetFile() {}

    /// @param file a path, or `-` for standard input
    static Api.Body body(String file, Surroundings surroundings) {
        try {
            byte[] bytes = file.equals("-") ? System.in.readNBytes(MAX_FILE_BYTES + 1)
                    : Files.readAllBytes(surroundings.folder().resolve(Path.of(file)));
            if (bytes.length <= MAX_FILE_BYTES) {
                return Api.Body.of("application/yaml", bytes);
            }
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read " + file, "check the path and its permissions");
        }
        throw Stop.usage(file + " is larger than " + MAX_FILE_BYTES + " bytes", "is it the right file?");
    }

    /// What changes, and what would be decided then where the answer tells it.
    static List<String> lines(Json answer) {
        var lines = new ArrayList<String>();
        answer.items("changes").forEach(change -> lines.add("  " + change.words()));
        if (lines.isEmpty()) {
            lines.add("  nothing differs");
        } else if (answer.at("plan") instanceof Json.Fields plan) {
            PlanCommand.lines(plan).forEach(line -> lines.add("  then: " + line.strip()));
        }
        return lines;
    }
}
