package cambium.server.repository.format;

/// A file that clients read first and trust for all others, by its path within the channel. Do not alter the array.
public record RootFile(String path, byte[] bytes) {}
