package cambium.formats.deb;

import cambium.formats.packed.PackedPart;

/// The two archives inside a .deb, and how far each is expanded.
///
/// The control archive is small and ours to understand: what goes beyond its bounds is refused. The data archive is
/// walked for the names in it only; where it is merely larger or odder than what is walked, it is left unlisted.
enum ArchivePart implements PackedPart {
    CONTROL("control archive", 32L << 20, 34 * 1024, 26, 64),
    DATA("data archive", 2L << 30, 66 * 1024, 28, 4096);

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

    @Override
    public long maxBytes() {
        return maxBytes;
    }

    @Override
    public int maxXzMemoryKib() {
        return maxXzMemoryKib;
    }

    @Override
    public int maxXzDictionaryCode() {
        return maxXzDictionaryCode;
    }

    @Override
    public int maxXzBlocks() {
        return maxXzBlocks;
    }

    @Override
    public long maxXzChunks(long packedBytes) {
        return FREE_XZ_CHUNKS + (this == DATA ? packedBytes / LEAST_BYTES_PER_FURTHER_XZ_CHUNK : 0);
    }

    /// `the control archive ...`
    String sentence(String rest) {
        return "the " + label + " " + rest;
    }

    @Override
    public MalformedDeb corrupt(String rest) {
        return MalformedDeb.corrupt(sentence(rest));
    }

    @Override
    public MalformedDeb tooLarge(String rest) {
        return MalformedDeb.tooLarge(sentence(rest));
    }

    /// Legal for some reader, but not for ours: no control archive is like that; a data archive stays unlisted.
    @Override
    public MalformedDeb unusual(String rest) {
        return this == DATA ? MalformedDeb.unlisted(sentence(rest)) : corrupt(rest);
    }

    /// More than is expanded, at a ratio that is nothing unusual.
    @Override
    public MalformedDeb tooLong() {
        return this == DATA ? MalformedDeb.unlisted(sentence("is larger than what is walked for names"))
                : tooLarge("expands to far more than a control archive holds");
    }
}
