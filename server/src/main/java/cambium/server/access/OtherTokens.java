package cambium.server.access;

import java.util.Optional;

/// Tokens that a feature keeps by itself; asked about a secret that is no API token.
@FunctionalInterface
public interface OtherTokens {
    /// A server without any.
    OtherTokens NONE = _ -> Optional.empty();

    /// Whom the token with that SHA-256 stands for.
    Optional<Actor> bySha256(byte[] sha256);
}
