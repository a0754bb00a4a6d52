package cambium.formats.fuzz;

import cambium.formats.ParseResult;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/// Judges what a reader makes of hostile bytes: a value that holds together, or a refusal in its own words. Anything
/// else is a finding.
final class Judged {
    private static final List<String> CODES = List.of("deb_malformed", "dsc_malformed", "rpm_malformed", "corrupt",
            "too_large_expanded");

    private Judged() {}

    /// A reader of bytes that are all there, so that its source cannot fail.
    interface Reading<P> {
        ParseResult<P> read() throws IOException;
    }

    static <P> void judge(Reading<P> reading, Consumer<P> holdsTogether) {
        try {
            switch (reading.read()) {
                case ParseResult.Parsed<P>(var value) -> holdsTogether.accept(value);
                case ParseResult.Malformed<P>(var code, var reason, _) -> require(CODES.contains(code)
                        && !reason.isEmpty() && reason.length() < 400, code + ": " + reason);
            }
        } catch (IOException blamed) {
            throw new IllegalStateException("bytes in memory were taken for a failing source", blamed);
        }
    }

    /// Whether the bytes are one entry of an index: ended by a blank line and without another.
    static void requireEntry(byte[] entry) {
        for (int i = 1; i < entry.length; i++) {
            if (entry[i] == '\n' && entry[i - 1] == '\n') {
                require(i == entry.length - 1 && entry[0] != '\n', "a blank line inside an entry");
                return;
            }
        }
        throw new IllegalStateException("an entry without its blank line");
    }

    static void require(boolean held, String what) {
        if (!held) {
            throw new IllegalStateException(what);
        }
    }
}
