package cambium.formats.index;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/// The difference between two states of an index as an ed script of the kind that apt applies: commands in descending
/// order of lines, each one of `a`, `c` and `d`.
///
/// The cost follows what changed: chunks that stand in both states are not loaded. Merging of neighbours leaves the
/// raw index as it was, so it gives no commands.
public final class EdPatch {
    private final List<PlacedChunk> before;
    private final List<PlacedChunk> after;
    private final Function<Chunk, EncodedChunk> load;
    private final List<Edit> edits = new ArrayList<>();
    private int line;

    /// Takes out `lines` lines from line `first` on, counted from 1, and puts the text in their place.
    private record Edit(int first, int lines, byte[] text) {}

    private EdPatch(List<PlacedChunk> before, List<PlacedChunk> after, Function<Chunk, EncodedChunk> load) {
        this.before = before;
        this.after = after;
        this.load = load;
    }

    /// The script, of no bytes when the raw forms are equal; empty when it would be longer than the bound.
    ///
    /// @param load brings the bytes of chunks of either state
    /// @throws IllegalArgumentException when a line of the new state is a lone dot, which a script cannot carry
    public static Optional<byte[]> between(List<PlacedChunk> before, List<PlacedChunk> after,
            Function<Chunk, EncodedChunk> load, int maxBytes) {
        if (rawBytes(after) - rawBytes(before) > maxBytes) {
            return Optional.empty();
        }
        var patch = new EdPatch(before, after, load);
        patch.compare();
        byte[] script = patch.script();
        return script.length > maxBytes ? Optional.empty() : Optional.of(script);
    }

    private static long rawBytes(List<PlacedChunk> chunks) {
        return chunks.isEmpty() ? 0 : chunks.getLast().after().raw().length();
    }

    /// Goes from one chunk that stands in both states to the next, comparing what lies between.
    private void compare() {
        Map<String, TreeSet<Integer>> places = places();
        int old = 0;
        int from = 0;
        for (int i = 0; i < after.size(); i++) {
            var found = Optional.ofNullable(places.get(after.get(i).chunk().sha256OfRaw()));
            int first = old;
            var anchor = found.flatMap(these -> Optional.ofNullable(these.ceiling(first)));
            if (anchor.isPresent()) {
                compare(stanzas(before.subList(old, anchor.get())), stanzas(after.subList(from, i)));
                line += after.get(i).chunk().lines();
                old = anchor.get() + 1;
                from = i + 1;
            }
        }
        compare(stanzas(before.subList(old, before.size())), stanzas(after.subList(from, after.size())));
    }

    private Map<String, TreeSet<Integer>> places() {
        var places = new HashMap<String, TreeSet<Integer>>();
        for (int i = 0; i < before.size(); i++) {
            places.computeIfAbsent(before.get(i).chunk().sha256OfRaw(), _ -> new TreeSet<>()).add(i);
        }
        return places;
    }

    private List<byte[]> stanzas(List<PlacedChunk> chunks) {
        var stanzas = new ArrayList<byte[]>();
        chunks.forEach(placed -> stanzas.addAll(Stanzas.split(load.apply(placed.chunk()).raw())));
        return stanzas;
    }

    /// Stanzas only ever leave, or join at the end; whatever else happened, the script is right, if longer.
    private void compare(List<byte[]> old, List<byte[]> wanted) {
        int next = 0;
        for (byte[] stanza : old) {
            int lines = Stanzas.lines(stanza);
            if (next < wanted.size() && Arrays.equals(stanza, wanted.get(next))) {
                next++;
                line += lines;
            } else {
                takeOut(lines);
            }
        }
        var text = new ByteArrayOutputStream();
        wanted.subList(next, wanted.size()).forEach(text::writeBytes);
        if (text.size() > 0) {
            putIn(text.toByteArray());
        }
    }

    private void takeOut(int lines) {
        Edit last = edits.isEmpty() ? new Edit(0, 0, new byte[0]) : edits.getLast();
        if (last.lines() > 0 && last.first() + last.lines() == line + 1 && last.text().length == 0) {
            edits.set(edits.size() - 1, new Edit(last.first(), last.lines() + lines, last.text()));
        } else {
            edits.add(new Edit(line + 1, lines, new byte[0]));
        }
        line += lines;
    }

    private void putIn(byte[] text) {
        boolean dotted = new String(text, StandardCharsets.UTF_8).lines().anyMatch("."::equals);
        if (dotted) {
            throw new IllegalArgumentException("an index with a line of a lone dot");
        }
        Edit last = edits.isEmpty() ? new Edit(0, 0, new byte[0]) : edits.getLast();
        if (last.lines() > 0 && last.first() + last.lines() == line + 1 && last.text().length == 0) {
            edits.set(edits.size() - 1, new Edit(last.first(), last.lines(), text));
        } else {
            edits.add(new Edit(line + 1, 0, text));
        }
    }

    private byte[] script() {
        var script = new ByteArrayOutputStream();
        for (Edit edit : edits.reversed()) {
            int last = edit.first() + edit.lines() - 1;
            String lines = edit.lines() > 1 ? edit.first() + "," + last : Integer.toString(last);
            String command = edit.text().length == 0 ? "d" : edit.lines() == 0 ? "a" : "c";
            script.writeBytes((lines + command + "\n").getBytes(StandardCharsets.US_ASCII));
            if (edit.text().length > 0) {
                script.writeBytes(edit.text());
                script.writeBytes(".\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
        return script.toByteArray();
    }
}
