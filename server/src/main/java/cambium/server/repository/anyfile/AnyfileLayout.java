package cambium.server.repository.anyfile;

import cambium.formats.PackageFamily;
import cambium.server.repository.format.ChannelFacts;
import cambium.server.repository.format.ChannelOptions;
import cambium.server.repository.format.ChannelPath;
import cambium.server.repository.format.IndexLayout;
import cambium.server.repository.format.PublishedFile;
import cambium.server.repository.format.RootFile;
import cambium.server.repository.format.RootSigner;
import cambium.server.repository.format.ViewKey;
import cambium.server.repository.format.ViewShape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/// No index at all: files are found by their download address.
public final class AnyfileLayout implements IndexLayout {
    @Override
    public PackageFamily family() {
        return PackageFamily.ANYFILE;
    }

    @Override
    public SortedSet<ViewKey> complete(SortedSet<ViewKey> named, ChannelOptions options) {
        return Collections.emptySortedSet();
    }

    @Override
    public boolean takesAll(ViewKey view) {
        return false;
    }

    @Override
    public ViewShape shape(String kind) {
        throw new IllegalStateException("there is no index of any files: " + kind);
    }

    @Override
    public List<RootFile> roots(ChannelFacts channel, List<PublishedFile> files, RootSigner signer) {
        return List.of();
    }

    @Override
    public Optional<ChannelPath> locate(String path) {
        return Optional.empty();
    }
}
