package cambium.formats.apt;

/// One index named by a `Release` file.
///
/// @param path below the folder of the `Release` file, e.g. `main/binary-amd64/Packages.gz`
/// @param size in bytes
/// @param sha256 in lower-case hexadecimal
public record ReleaseEntry(String path, long size, String sha256) {
    public ReleaseEntry {
        if (!path.matches("[A-Za-z0-9._+/-]+") || path.startsWith("/") || path.contains("..") || size < 0) {
            throw new IllegalArgumentException("not an entry of a Release file: " + path + " of " + size + " bytes");
        }
        Digests.check(sha256, 64);
    }
}
