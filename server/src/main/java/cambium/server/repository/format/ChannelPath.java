package cambium.server.repository.format;

import cambium.formats.index.IndexForm;
import java.util.List;

/// What an address below a distribution's folder means.
public sealed interface ChannelPath {
    String codename();

    /// A file of the signed root, by its path within the channel.
    record Root(String codename, String path, String contentType) implements ChannelPath {}

    /// An index as it is now: the one of these views that is kept up.
    record Index(String codename, List<ViewKey> views, IndexForm form) implements ChannelPath {
        public Index(String codename, ViewKey view, IndexForm form) {
            this(codename, List.of(view), form);
        }
    }

    /// An index of any generation that is still kept, by its digest. A view for every architecture means all views of
    /// its kind.
    record IndexByHash(String codename, List<ViewKey> views, String sha256) implements ChannelPath {
        public IndexByHash(String codename, ViewKey view, String sha256) {
            this(codename, List.of(view), sha256);
        }
    }

    /// What leads from earlier states of an index to the present one. `file`: `Index`, the digest of a list that is
    /// still kept, or a patch by its generation with `.gz`.
    record Patches(String codename, List<ViewKey> views, String file) implements ChannelPath {}

    /// A file of a package.
    record Pool(String codename, String poolPath) implements ChannelPath {}
}
