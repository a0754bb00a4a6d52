package cambium.formats.deb;

/// The two archives inside a .deb, and how far each is expanded.
///
/// The control archive is small and ours to understand: what goes beyond its bounds is refused. The data archive is
/// walked for the names in it only; where it is merely larger or odder than what is walked, it is left unlisted.
enum ArchivePart {
    CONTROL("control archive", 32L << 20, 34 * 1024, 26, 64),
    DATA("data archive", 2L << 30, 66 * 1024, 28, 4096);

    static final long MAX_BYTES_FREE_OF_RATIO = 10L << 20;
    static final int MAX_RATIO = 200;
    private static final int FREE_XZ_CHUNKS = 4096;
    private static final int LEAST_BYTES_PER_FURTHER_XZ_CHUNK = 16 * 1024;

    private final String label;
    private final long maxBytes;
    private final int maxXzMemoryKib;
    private final int maxXzDictionaryCode;
    private final int maxXzBlocks;

    ArchivePart(String label, long maxBytes, int maxXzMemoryKib, int maxXzDictionaryCode, int maxXzBlocks) {
        this.label = label;
        this.maxBytes = maxBytes;
        this.maxXzMemoryKib = maxXzMemoryKib;
        this.maxXzDictionaryCode = maxXzDictionaryCode;
        this.maxXzBlocks = maxXzBlocks;
    }

    /// Expanded.
    long maxBytes() {
        return maxBytes;
    }

    /// Enough for the dictionary that [XzWalk] leaves, and what the decoder needs beside it.
    int maxXzMemoryKib() {
        return maxXzMemoryKib;
    }

    /// Larger announcements are lowered to this on their way to the decoder, or refused.
    int maxXzDictionaryCode() {
        return maxXzDictionaryCode;
    }

    int maxXzBlocks() {
        return maxXzBlocks;
    }

    /// An encoder fills chunks to 64 KiB packed or 2 MiB expanded.
    long maxXzChunks(long packedBytes) {
        return FREE_XZ_CHUNKS + (this == DATA ? packedBytes / LEAST_BYTES_PER_FURTHER_XZ_CHUNK : 0);
    }

    /// `the control archive ...`
    String sentence(String rest) {
        return "the " + label + " " + rest;
    }

    MalformedDeb corrupt(String rest) {
        return MalformedDeb.corrupt(sentence(rest));
    }

    MalformedDeb tooLarge(String rest) {
        return MalformedDeb.tooLarge(sentence(rest));
    }

    /// Legal for some reader, but not for ours: no control archive is like that; a data archive stays unlisted.
    MalformedDeb unusual(String rest) {
        return this == DATA ? MalformedDeb.unlisted(sentence(rest)) : corrupt(rest);
    }

    /// More than is expanded, at a ratio that is nothing unusual.
    MalformedDeb tooLong() {
        return this == DATA ? MalformedDeb.unlisted(sentence("is larger than what is walked for names"))
                : tooLarge("expands to far more than a control archive holds");
    }
}
