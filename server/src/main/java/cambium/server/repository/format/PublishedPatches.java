package cambium.server.repository.format;

/// The list of the patches that lead to a view as of the generation that is being made.
public record PublishedPatches(ViewKey view, long lengthBytes, String sha256) {}
