package cambium.formats.rpm;

import cambium.formats.packed.PackedPart;

/// How far a payload is expanded. No match reaches back further than 32 MiB, since no more is expanded; so whatever
/// larger dictionary a stream announces, a decoder gets one of 32 MiB.
enum PayloadPart implements PackedPart {
    PAYLOAD;

    private static final long MAX_BYTES = 32L << 20;
    private static final int CODE_OF_32_MIB = 26;
    private static final int MAX_XZ_MEMORY_KIB = 34 * 1024;
    /// Encoders with several threads make blocks of 1 MiB or more; each costs the decoder a new dictionary.
    private static final int MAX_XZ_BLOCKS = 64;
    private static final int FREE_XZ_CHUNKS = 4096;
    private static final int LEAST_BYTES_PER_FURTHER_XZ_CHUNK = 16 * 1024;

    @Override
    public long maxBytes() {
        return MAX_BYTES;
    }

    @Override
    public int maxXzMemoryKib() {
        return MAX_XZ_MEMORY_KIB;
    }

    @Override
    public int maxXzDictionaryCode() {
        return CODE_OF_32_MIB;
    }

    @Override
    public int maxXzBlocks() {
        return MAX_XZ_BLOCKS;
    }

    @Override
    public long maxXzChunks(long packedBytes) {
        return FREE_XZ_CHUNKS + packedBytes / LEAST_BYTES_PER_FURTHER_XZ_CHUNK;
    }

    @Override
    public MalformedRpm corrupt(String rest) {
        return MalformedRpm.corrupt("the payload " + rest);
    }

    @Override
    public MalformedRpm tooLarge(String rest) {
        return MalformedRpm.tooLarge("the payload " + rest);
    }

    /// Legal for rpm's own decoders, so no ground for a refusal.
    @Override
    public MalformedRpm unusual(String rest) {
        return MalformedRpm.unwalked("the payload " + rest);
    }

    @Override
    public MalformedRpm tooLong() {
        return MalformedRpm.unwalked("the payload is larger than what is walked");
    }
}
