package cambium.server.repository.format;

import cambium.formats.index.IndexForm;

/// What an address below a distribution's folder means.
public sealed interface ChannelPath {
    String codename();

    /// A file of the signed root, by its path within the channel.
    record Root(String codename, String path, String contentType) implements ChannelPath {}

    /// An index as it is now.
    record Index(String codename, ViewKey view, IndexForm form) implements ChannelPath {}

    /// An index of any generation that is still kept, by its digest.
    record IndexByHash(String codename, ViewKey view, String sha256) implements ChannelPath {}

    /// A file of a package.
    record Pool(String codename, String poolPath) implements ChannelPath {}
}
