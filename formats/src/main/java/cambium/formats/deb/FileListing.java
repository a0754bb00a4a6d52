package cambium.formats.deb;

import java.util.List;

/// The names in a data archive.
public sealed interface FileListing {

    /// All of them but the folders: files, links, devices, in the order of the archive, no path twice.
    record Listed(List<PackagedFile> files) implements FileListing {
        public Listed {
            files = List.copyOf(files);
        }
    }

    /// The package is accepted, but its data archive is larger, odder or packed otherwise than what is walked.
    record Unlisted(String reason) implements FileListing {}

    /// @param path relative, without a leading `./`
    /// @param sizeBytes 0 for all that is no regular file
    record PackagedFile(String path, long sizeBytes) {}
}
