package cambium.formats.rpm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One header structure of a package file, checked as a whole by [HeaderIndex]: tags with values in a store.
///
/// Bounds: 65,535 tags, and of store 8 MiB in a signature header, 32 MiB in a main header. (rpm's own limit is
/// 256 MiB; the largest header known to us, of a package with 150,000 files, has about 20 MiB.)
final class RpmHeader {
    private static final byte[] MAGIC = HexFormat.of().parseHex("8eade80100000000");
    private static final int INTRO_BYTES = 16;
    private static final int MAX_TAGS = 65_535;
    private static final int MAX_SIGNATURE_BYTES = 8 << 20;
    private static final int MAX_MAIN_BYTES = 32 << 20;

    private final byte[] bytes;
    private final int storeAt;
    private final ByteBuffer store;
    private final Map<Integer, HeaderEntry> entries;

    private RpmHeader(byte[] bytes, int storeAt, ByteBuffer store, Map<Integer, HeaderEntry> entries) {
        this.bytes = bytes;
        this.storeAt = storeAt;
        this.store = store;
        this.entries = entries;
    }

    static RpmHeader signature(InputStream in) throws IOException {
        return read(in, RpmTag.REGION_SIGNATURES, MAX_SIGNATURE_BYTES);
    }

    static RpmHeader main(InputStream in) throws IOException {
        return read(in, RpmTag.REGION_IMMUTABLE, MAX_MAIN_BYTES);
    }

    private static RpmHeader read(InputStream in, int regionTag, int maxBytes) throws IOException {
        byte[] intro = in.readNBytes(INTRO_BYTES);
        if (intro.length < INTRO_BYTES || !Arrays.equals(intro, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw MalformedRpm.structure("there is no header where one should start");
        }
        int tags = ByteBuffer.wrap(intro).getInt(8);
        int storeBytes = ByteBuffer.wrap(intro).getInt(12);
        if (tags < 1 || tags > MAX_TAGS) {
            throw MalformedRpm.structure("a header has no tags, or more than " + MAX_TAGS);
        }
        if (storeBytes < HeaderEntry.BYTES || storeBytes > maxBytes) {
            throw MalformedRpm.structure("a header has no values, or more than " + maxBytes + " bytes of them");
        }
        int storeAt = INTRO_BYTES + tags * HeaderEntry.BYTES;
        byte[] bytes = Arrays.copyOf(intro, storeAt + storeBytes);
        int rest = bytes.length - INTRO_BYTES;
        if (in.readNBytes(bytes, INTRO_BYTES, rest) < rest) {
            throw MalformedRpm.structure("the file ends inside a header");
        }
        ByteBuffer all = ByteBuffer.wrap(bytes);
        ByteBuffer store = all.slice(storeAt, storeBytes);
        var entries = HeaderIndex.of(all.slice(INTRO_BYTES, storeAt - INTRO_BYTES), store, regionTag);
        return new RpmHeader(bytes, storeAt, store, entries);
    }

    /// The header as it stands in the file, from its magic to the end of its store.
    byte[] bytes() {
        return bytes;
    }

    /// In the order in which they stand.
    List<Integer> tags() {
        return List.copyOf(entries.keySet());
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /// How many values a tag has; 0 when it is absent.
    int count(int tag) {
        return has(tag) ? entries.get(tag).count() : 0;
    }

    /// The only text of a tag; of a localised one, the text for readers without a language.
    Optional<String> text(int tag) throws MalformedRpm {
        HeaderEntry entry = entries.get(tag);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.type() != HeaderEntry.STRING && entry.type() != HeaderEntry.LOCALISED) {
            throw wrongType(tag, "one text");
        }
        if (entry.type() == HeaderEntry.LOCALISED && entry.count() > Math.max(1, count(RpmTag.LOCALES))) {
            throw MalformedRpm.structure("tag " + tag + " has texts in more languages than the header names");
        }
        int end = entry.offset();
        while (store.get(end) != 0) {
            end++;
        }
        return Optional.of(decoded(entry.offset(), end));
    }

    List<String> texts(int tag) throws MalformedRpm {
        return firstTexts(tag, Integer.MAX_VALUE);
    }

    List<String> firstTexts(int tag, int most) throws MalformedRpm {
        HeaderEntry entry = entries.get(tag);
        if (entry == null) {
            return List.of();
        }
        if (entry.type() != HeaderEntry.STRINGS) {
            throw wrongType(tag, "a list of texts");
        }
        int wanted = Math.min(most, entry.count());
        var texts = new ArrayList<String>(wanted);
        int from = entry.offset();
        for (int at = from; texts.size() < wanted; at++) {
            if (store.get(at) == 0) {
                texts.add(decoded(from, at));
                from = at + 1;
            }
        }
        return texts;
    }

    /// The numbers of a tag, unsigned up to 32 bits.
    long[] numbers(int tag) throws MalformedRpm {
        HeaderEntry entry = entries.get(tag);
        if (entry == null) {
            return new long[0];
        }
        long[] numbers = new long[entry.count()];
        for (int i = 0; i < numbers.length; i++) {
            int at = entry.offset() + i * entry.width();
            numbers[i] = switch (entry.type()) {
                case HeaderEntry.INT16 -> store.getShort(at) & 0xffffL;
                case HeaderEntry.INT32 -> store.getInt(at) & 0xffffffffL;
                case HeaderEntry.INT64 -> store.getLong(at);
                default -> throw wrongType(tag, "numbers");
            };
            if (numbers[i] < 0) {
                throw MalformedRpm.structure("tag " + tag + " of a header has a number beyond all bounds");
            }
        }
        return numbers;
    }

    Optional<Long> number(int tag) throws MalformedRpm {
        if (!has(tag)) {
            return Optional.empty();
        }
        if (count(tag) != 1) {
            throw wrongType(tag, "one number");
        }
        return Optional.of(numbers(tag)[0]);
    }

    Optional<byte[]> bytes(int tag) throws MalformedRpm {
        HeaderEntry entry = entries.get(tag);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.type() != HeaderEntry.BIN) {
            throw wrongType(tag, "bytes");
        }
        byte[] value = new byte[entry.count()];
        store.get(entry.offset(), value);
        return Optional.of(value);
    }

    private String decoded(int from, int to) {
        return decoded(bytes, storeAt + from, storeAt + to);
    }

    /// Texts are UTF-8, or, in old packages, bytes without a stated meaning: those are shown as ISO 8859-1.
    static String decoded(byte[] bytes, int from, int to) {
        ByteBuffer text = ByteBuffer.wrap(bytes, from, to - from);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException old) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    private static MalformedRpm wrongType(int tag, String expected) {
        return MalformedRpm.structure("tag " + tag + " of a header is not " + expected);
    }
}
