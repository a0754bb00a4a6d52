package cambium.server.blob;

/// The four digests that package indexes and packagecloud's API name, in lower-case hexadecimal digits.
public record BlobDigests(String md5, String sha1, String sha256, String sha512) {}
