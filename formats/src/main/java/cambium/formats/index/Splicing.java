package cambium.formats.index;

import java.util.Set;

/// How the chunks of an index are made.
///
/// @param forms in which chunks are kept; the raw and the gz form always are
/// @param hashed whether the state of hashing is kept with each chunk. It is of no use where a head in front of the
///     chunks changes with them, as a [Wrapping] says.
public record Splicing(Set<IndexForm> forms, boolean hashed) {
    /// All forms, with states.
    public static final Splicing PLAIN = new Splicing(Set.of(IndexForm.values()), true);

    /// For indexes in a [Wrapping], which are served as gz.
    public static final Splicing WRAPPED = new Splicing(Set.of(IndexForm.RAW, IndexForm.GZ), false);

    public Splicing {
        forms = Set.copyOf(forms);
    }
}
