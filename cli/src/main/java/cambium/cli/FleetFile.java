package cambium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A file that describes the fleet, and how the server tells what it would change.
final class FleetFile {
    /// Of what cannot be meant; how large a fleet may be is the server's to say.
    private static final int MAX_FILE_BYTES = 64 << 20;

    private FleetFile() {}

    /// @param file a path, or `-` for standard input
    static Api.Body body(String file, Surroundings surroundings) {
        try {
            byte[] bytes = read(file, surroundings);
            if (bytes.length <= MAX_FILE_BYTES) {
                return Api.Body.of("application/yaml", bytes);
            }
        } catch (IOException unreadable) {
            throw Stop.usage("cannot read " + file, "check the path and its permissions");
        }
        throw Stop.usage(file + " is larger than " + MAX_FILE_BYTES + " bytes", "is it the right file?");
    }

    private static byte[] read(String file, Surroundings surroundings) throws IOException {
        if (file.equals("-")) {
            return System.in.readNBytes(MAX_FILE_BYTES + 1);
        }
        try (var in = Files.newInputStream(surroundings.folder().resolve(Path.of(file)))) {
            return in.readNBytes(MAX_FILE_BYTES + 1);
        }
    }

    /// Prints what a file would change, and ends with `refused` where it would not be applied.
    ///
    /// @param told what is printed of the answer
    static int compared(ServerOptions options, Reply reply, Function<Json, List<String>> told, Stop.Exit refused,
            String accepted) {
        Json answer = reply.json();
        if (options.json()) {
            options.done(reply, "");
        } else {
            options.print(told.apply(answer));
        }
        if (answer.at("refused") instanceof Json.Fields refusal) {
            if (options.json()) {
                return refused.code;
            }
            throw Stop.refused("the file would not be applied: " + refusal.text("message"),
                    Refusals.next(409, refusal.text("code"), refusal)).as(refused);
        }
        if (!options.json() && !accepted.isEmpty()) {
            options.print(accepted);
        }
        return Stop.Exit.DONE.code;
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
        lines.addAll(left(answer));
        lines.addAll(advice(answer));
        return lines;
    }

    /// @param ring as it was typed; the server says what is wrong with it
    static String through(String ring) {
        return "through-ring=" + Api.segment(ring);
    }

    /// What a file says beyond the ring that it is taken through.
    static List<String> left(Json answer) {
        var lines = new ArrayList<String>();
        if (!answer.items("left").isEmpty()) {
            lines.add("left as it is, next through ring " + answer.text("next_ring") + ":");
            answer.items("left").forEach(change -> lines.add("  later: " + change.words()));
        }
        return lines;
    }

    /// What holds nothing up in the fleet that a file describes, and should be known.
    static List<String> advice(Json answer) {
        return answer.items("advice").stream().map(advice -> "  note: " + advice.text("text")).toList();
    }
}
