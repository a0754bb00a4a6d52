package cambium.formats.rpm;

import java.util.Optional;

/// One index file as `repomd.xml` lists it.
///
/// @param location relative to the folder that holds `repodata`, e.g. `repodata/<sha256>-primary.xml.gz`
/// @param sha256 of the file as it is fetched, in lower-case hexadecimal
/// @param size of the same, in bytes
/// @param open of the file when expanded; may be left out, every client known to us reads on without it
/// @param timestamp in seconds since 1970
public record RepomdFile(RpmIndex index, String location, String sha256, long size, Optional<Open> open,
        long timestamp) {

    /// @param sha256 of the expanded file
    /// @param size of the same, in bytes
    public record Open(String sha256, long size) {
        public Open {
            check(sha256, size);
        }
    }

    public RepomdFile {
        check(sha256, size);
        if (!location.matches("[A-Za-z0-9._/-]{1,200}") || location.startsWith("/") || location.contains("..")) {
            throw new IllegalArgumentException("not a path for a location: " + location);
        }
    }

    private static void check(String sha256, long size) {
        if (!sha256.matches("[0-9a-f]{64}") || size < 0) {
            throw new IllegalArgumentException("not a SHA-256 and a size: " + sha256 + ", " + size);
        }
    }
}
