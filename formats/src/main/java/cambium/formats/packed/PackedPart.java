package cambium.formats.packed;

/// The part of a package that is one compressed stream: how far it is expanded, and what is said of it when it is not
/// as it should be. The `rest` of each refusal is a sentence that lacks its subject, e.g. `is not gzip`.
public interface PackedPart {
    /// Expanded.
    long maxBytes();

    /// Enough for the dictionary that [#maxXzDictionaryCode()] leaves, and what the decoder needs beside it.
    int maxXzMemoryKib();

    /// Larger announcements are lowered to this on their way to the decoder, or refused. Even codes only: 26 is
    /// 32 MiB, 28 is 64 MiB. It must be no smaller than [#maxBytes()], or no smaller than any honest announcement.
    int maxXzDictionaryCode();

    int maxXzBlocks();

    /// An encoder fills chunks to 64 KiB packed or 2 MiB expanded; each costs the decoder time, whatever it holds.
    ///
    /// @param packedBytes of the stream so far
    long maxXzChunks(long packedBytes);

    Refusal corrupt(String rest);

    Refusal tooLarge(String rest);

    /// Legal for some reader, but not for ours.
    Refusal unusual(String rest);

    /// More than [#maxBytes()], at a ratio that is nothing unusual.
    Refusal tooLong();
}
