package cambium.server.blob;

/// The answer to receiving bytes: they are staged, or there were more than allowed and nothing was kept.
public sealed interface Staging {
    record Staged(StagedBlob blob) implements Staging {}

    record TooLarge(long maxBytes) implements Staging {}
}
