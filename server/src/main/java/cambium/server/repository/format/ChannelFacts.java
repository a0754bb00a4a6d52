package cambium.server.repository.format;

import java.time.Instant;
import java.util.List;

/// What root files say about a channel. `origin`: the host and the repository, as users pin it; `label`: the
/// repository's own name; `date`: when the generation is made, in whole seconds and never before an earlier one;
/// `patches`: the lists of patches that lead to its indexes.
public record ChannelFacts(String origin, String label, String codename, long generation, Instant date,
    ChannelOptions options, List<PublishedPatches> patches) {}
