package cambium.formats.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Runs of stanzas as bytes: each stanza ends with the first blank line after its start.
final class Stanzas {
    private Stanzas() {}

    /// The ends of the stanzas, in order.
    ///
    /// @throws IllegalArgumentException when a stanza is empty or the last one is not ended
    static List<Integer> ends(byte[] raw) {
        var ends = new ArrayList<Integer>();
        int start = 0;
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '\n') {
                continue;
            }
            if (i == start) {
                throw new IllegalArgumentException("a blank line where stanza " + ends.size() + " should start");
            }
            if (raw[i - 1] == '\n') {
                start = i + 1;
                ends.add(start);
            }
        }
        if (start != raw.length) {
            throw new IllegalArgumentException("the last stanza does not end with a blank line");
        }
        return ends;
    }

    /// The single stanzas of a run.
    static List<byte[]> split(byte[] raw) {
        return cut(raw, 0);
    }

    /// Pieces of whole stanzas, each as large as may be without exceeding the limit, or of one stanza over it.
    static List<byte[]> cut(byte[] raw, int maxBytes) {
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        int last = 0;
        for (int end : ends(raw)) {
            if (end - from > maxBytes && last > from) {
                pieces.add(Arrays.copyOfRange(raw, from, last));
                from = last;
            }
            last = end;
        }
        if (last > from) {
            pieces.add(Arrays.copyOfRange(raw, from, last));
        }
        return pieces;
    }

    static int lines(byte[] raw) {
        int lines = 0;
        for (byte b : raw) {
            lines += b == '\n' ? 1 : 0;
        }
        return lines;
    }
}
