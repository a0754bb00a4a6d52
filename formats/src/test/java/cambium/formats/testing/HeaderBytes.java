package cambium.formats.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Lays out one header structure of an rpm, tags in ascending order inside one region; equal calls give equal bytes.
public final class HeaderBytes {
    private static final int BIN = 7;

    private final TreeMap<Integer, Field> fields = new TreeMap<>();
    private final int regionTag;

    private record Field(int type, int count, int align, byte[] value) {}

    private HeaderBytes(int regionTag) {
        this.regionTag = regionTag;
    }

    public static HeaderBytes signature() {
        return new HeaderBytes(62);
    }

    public static HeaderBytes main() {
        return new HeaderBytes(63);
    }

    public HeaderBytes text(int tag, String text) {
        return put(tag, 6, 1, 1, terminated(List.of(text)));
    }

    public HeaderBytes localised(int tag, String text) {
        return put(tag, 9, 1, 1, terminated(List.of(text)));
    }

    public HeaderBytes texts(int tag, List<String> texts) {
        return texts.isEmpty() ? this : put(tag, 8, texts.size(), 1, terminated(texts));
    }

    public HeaderBytes shorts(int tag, List<Integer> numbers) {
        var out = ByteBuffer.allocate(2 * numbers.size());
        numbers.forEach(number -> out.putShort(number.shortValue()));
        return numbers.isEmpty() ? this : put(tag, 3, numbers.size(), 2, out.array());
    }

    public HeaderBytes ints(int tag, List<Integer> numbers) {
        var out = ByteBuffer.allocate(4 * numbers.size());
        numbers.forEach(out::putInt);
        return numbers.isEmpty() ? this : put(tag, 4, numbers.size(), 4, out.array());
    }

    public HeaderBytes longs(int tag, List<Long> numbers) {
        var out = ByteBuffer.allocate(8 * numbers.size());
        numbers.forEach(out::putLong);
        return numbers.isEmpty() ? this : put(tag, 5, numbers.size(), 8, out.array());
    }

    public HeaderBytes number(int tag, int number) {
        return ints(tag, List.of(number));
    }

    public HeaderBytes bytes(int tag, byte[] value) {
        return put(tag, BIN, value.length, 1, value);
    }

    /// A value as it comes, right or wrong.
    public HeaderBytes put(int tag, int type, int count, int align, byte[] value) {
        fields.put(tag, new Field(type, count, align, value));
        return this;
    }

    public HeaderBytes without(int tag) {
        fields.remove(tag);
        return this;
    }

    public byte[] toBytes() {
        var store = new ByteArrayOutputStream();
        var entries = new ArrayList<byte[]>();
        fields.forEach((tag, field) -> {
            while (store.size() % field.align() != 0) {
                store.write(0);
            }
            entries.add(entry(tag, field.type(), store.size(), field.count()));
            store.writeBytes(field.value());
        });
        int trailerAt = store.size();
        int tags = entries.size() + 1;
        store.writeBytes(entry(regionTag, BIN, -16 * tags, 16));
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(16).putInt(0x8eade801).putInt(0).putInt(tags).putInt(store.size()).array());
        out.writeBytes(entry(regionTag, BIN, trailerAt, 16));
        entries.forEach(out::writeBytes);
        out.writeBytes(store.toByteArray());
        return out.toByteArray();
    }

    public static byte[] entry(int tag, int type, int offset, int count) {
        return ByteBuffer.allocate(16).putInt(tag).putInt(type).putInt(offset).putInt(count).array();
    }

    private static byte[] terminated(List<String> texts) {
        var out = new ByteArrayOutputStream();
        for (String text : texts) {
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            out.write(0);
        }
        return out.toByteArray();
    }
}
