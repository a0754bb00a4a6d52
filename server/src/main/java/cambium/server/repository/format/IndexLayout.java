package cambium.server.repository.format;

import cambium.formats.PackageFamily;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// How the indexes of a family's channels are made, signed and addressed. It holds no state.
public interface IndexLayout {
    PackageFamily family();

    /// The views of a channel that has at least these: those which always exist and those which belong together.
    SortedSet<ViewKey> complete(SortedSet<ViewKey> named);

    /// Whether entries for every architecture stand in this view, too.
    boolean takesAll(ViewKey view);

    ViewShape shape(String kind);

    /// The root files that change with a generation: none twice, in any order. All its index files are given.
    List<RootFile> roots(ChannelFacts channel, List<PublishedFile> files, RootSigner signer);

    /// What the address `path` means, below the folder of a distribution.
    Optional<ChannelPath> locate(String path);

    /// Whether the family has indexes at all.
    default boolean hasIndexes() {
        return !complete(new TreeSet<>()).isEmpty();
    }
}
