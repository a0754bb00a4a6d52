package cambium.bench.repository;

import java.nio.file.Path;

/// A tool that publishes packages of a folder as a signed repository.
interface Peer {
    /// The tool and the index files it writes.
    String name();

    /// Imports all packages of the folder into a new repository and publishes it, signed where the tool signs.
    Cost publishAll(Path packages) throws Exception;

    /// Adds one package to the repository and publishes again.
    Cost publishOneMore(Path file) throws Exception;
}
