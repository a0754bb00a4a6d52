package cambium.server.access;

import java.util.Optional;

/// Tokens that a feature keeps by itself; asked about a secret that is no API token.
@FunctionalInterface
public interface OtherTokens {
    /// A server without any.
    OtherTokens NONE = _ -> Optional.empty();

    /// Both, in this order.
    default OtherTokens or(OtherTokens next) {
        return sha256 -> bySha256(sha256).or(() -> next.bySha256(sha256));
    }

    /// Whom the token with that SHA-256 stands for.
    Optional<Actor> bySha256(byte[] sha256);
}
