package cambium.server.repository.format;

import cambium.formats.PackageFamily;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// How the indexes of a family's channels are made, signed and addressed. It holds no state.
public interface IndexLayout {
    PackageFamily family();

    /// The views to be kept up of a channel in which these are known or named by packages: those which always exist,
    /// those which belong together, and none that is not wanted.
    SortedSet<ViewKey> complete(SortedSet<ViewKey> named, ChannelOptions options);

    /// Whether entries for every architecture stand in this view, too.
    boolean takesAll(ViewKey view);

    /// Whether entries for whatever architecture stand in this view.
    default boolean takesEvery(ViewKey view) {
        return false;
    }

    /// The kind of entries that the views of a kind are made of.
    default String entryKind(String viewKind) {
        return viewKind;
    }

    /// What an entry puts into a view. Equal entries must give equal bytes, or they could not be taken out again.
    default Optional<byte[]> contribution(ViewKey view, IndexEntry entry) {
        boolean belongs = entry.view().equals(view)
            || takesAll(view) && entry.view().isForAll() && entry.view().kind().equals(view.kind());
        return belongs ? Optional.of(entry.bytes()) : Optional.empty();
    }

    /// How many pieces an entry of a kind may have.
    default int maxPieces(String entryKind) {
        return 1;
    }

    /// The kinds of entries that need not be read, since no view is made of them.
    default List<String> unusedEntryKinds(ChannelOptions options) {
        return List.of();
    }

    /// Whether clients stop believing a root after a time that it states.
    default boolean expires() {
        return false;
    }

    ViewShape shape(String kind);

    /// The root files that change with a generation: none twice, in any order. All its index files are given.
    List<RootFile> roots(ChannelFacts channel, List<PublishedFile> files, RootSigner signer);

    /// What the address `path` means, below the folder of a distribution.
    Optional<ChannelPath> locate(String path);

    /// Whether the family has indexes at all.
    default boolean hasIndexes() {
        return !complete(new TreeSet<>(), ChannelOptions.PLAIN).isEmpty();
    }
}
