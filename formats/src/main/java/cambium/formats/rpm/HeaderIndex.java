package cambium.formats.rpm;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/// Checks the index of a header against its store: every value inside the store, none over another, every text
/// ended, the region whole. At least as strict as rpm's own `hdrblobVerifyInfo` and `hdrblobVerifyRegion`, and no tag
/// may occur twice, since readers would differ in which of the two they see.
final class HeaderIndex {
    private static final int TRAILER_BYTES = HeaderEntry.BYTES;

    private final ByteBuffer index;
    private final ByteBuffer store;
    private final int regionTag;
    private final Map<Integer, HeaderEntry> entries = new LinkedHashMap<>();
    private int regionEnd;
    private int regionEntries;

    private HeaderIndex(ByteBuffer index, ByteBuffer store, int regionTag) {
        this.index = index;
        this.store = store;
        this.regionTag = regionTag;
    }

    /// By tag, in the order of the header.
    static Map<Integer, HeaderEntry> of(ByteBuffer index, ByteBuffer store, int regionTag) throws MalformedRpm {
        var checked = new HeaderIndex(index, store, regionTag);
        checked.region();
        checked.entries();
        return checked.entries;
    }

    /// The first entry names the region; its trailer, the last value inside, points back over the index entries that
    /// belong to it. The main header of a package file is one region and nothing else.
    private void region() throws MalformedRpm {
        HeaderEntry first = entry(0);
        if (first.tag() != regionTag || first.type() != HeaderEntry.BIN || first.count() != TRAILER_BYTES
                || first.offset() < 0 || first.offset() > store.capacity() - TRAILER_BYTES) {
            throw MalformedRpm.structure("a header does not start with its region; packages older than rpm 4"
                    + " are not taken");
        }
        boolean main = regionTag == RpmTag.REGION_IMMUTABLE;
        int at = first.offset();
        int tag = store.getInt(at);
        boolean right = (tag == regionTag || !main && tag == RpmTag.REGION_IMAGE)
                && store.getInt(at + 4) == HeaderEntry.BIN && store.getInt(at + 12) == TRAILER_BYTES;
        int covered = -store.getInt(at + 8);
        regionEnd = at + TRAILER_BYTES;
        regionEntries = covered / HeaderEntry.BYTES;
        int all = index.capacity();
        if (!right || covered < HeaderEntry.BYTES || covered % HeaderEntry.BYTES != 0 || covered > all) {
            throw MalformedRpm.structure("the region of a header has a wrong trailer");
        }
        if (main && (covered != all || regionEnd != store.capacity())) {
            throw MalformedRpm.structure("the region does not cover the whole header");
        }
    }

    /// Inside the region values follow each other with nothing between them but what aligns numbers, up to the
    /// trailer; what a signing program has added behind it may stand anywhere.
    private void entries() throws MalformedRpm {
        int end = 0;
        int trailer = regionEnd - TRAILER_BYTES;
        for (int i = 1; i < index.capacity() / HeaderEntry.BYTES; i++) {
            if (i == regionEntries) {
                endRegion(end, trailer);
                end = regionEnd;
            }
            HeaderEntry entry = entry(i);
            check(entry, end);
            if (i < regionEntries && entry.offset() != end + (-end & entry.width() - 1)) {
                throw wrong(entry, "a gap in front of its value");
            }
            end = end(entry);
            if (entries.put(entry.tag(), entry) != null) {
                throw wrong(entry, "a second value");
            }
        }
        if (regionEntries == index.capacity() / HeaderEntry.BYTES) {
            endRegion(end, trailer);
        }
    }

    private static void endRegion(int end, int trailer) throws MalformedRpm {
        if (end != trailer) {
            throw MalformedRpm.structure("the values of a header do not end where its region does");
        }
    }

    private void check(HeaderEntry entry, int end) throws MalformedRpm {
        if (entry.tag() < RpmTag.FIRST_ORDINARY) {
            throw MalformedRpm.structure("a header has the tag " + entry.tag() + ", which no package may have");
        }
        if (entry.type() < HeaderEntry.CHAR || entry.type() > HeaderEntry.LOCALISED) {
            throw wrong(entry, "an unknown type");
        }
        if (entry.offset() < end || entry.offset() >= store.capacity()) {
            throw wrong(entry, "a place outside the header or over another value");
        }
        if (entry.offset() % entry.width() != 0) {
            throw wrong(entry, "a misaligned place");
        }
    }

    private int end(HeaderEntry entry) throws MalformedRpm {
        if (entry.count() < 1 || entry.count() > store.capacity()
                || entry.type() == HeaderEntry.STRING && entry.count() != 1) {
            throw wrong(entry, "a wrong count");
        }
        long end = entry.isText() ? endOfTexts(entry) : entry.offset() + (long) entry.count() * entry.width();
        if (end > store.capacity()) {
            throw wrong(entry, "a value that reaches over the end of the header");
        }
        return (int) end;
    }

    private int endOfTexts(HeaderEntry entry) throws MalformedRpm {
        int at = entry.offset();
        for (int left = entry.count(); left > 0; at++) {
            if (at == store.capacity()) {
                throw wrong(entry, "a text without its end");
            }
            left -= store.get(at) == 0 ? 1 : 0;
        }
        return at;
    }

    private HeaderEntry entry(int number) {
        int at = number * HeaderEntry.BYTES;
        return new HeaderEntry(index.getInt(at), index.getInt(at + 4), index.getInt(at + 8), index.getInt(at + 12));
    }

    private static MalformedRpm wrong(HeaderEntry entry, String what) {
        return MalformedRpm.structure("tag " + entry.tag() + " of a header has " + what);
    }
}
