package cambium.server.repository.key;

import cambium.server.signing.KeyFinding;
import java.util.List;

/// The answer to whoever wants a repository to change its keys.
public sealed interface KeyChange {
    /// `key` is the one that was put in use, or whose end was brought forward.
    record Done(StoredKey key) implements KeyChange {}

    /// The key that was to be imported is none, or none that clients would accept.
    record Unusable(String code, String message, List<KeyFinding> findings) implements KeyChange {}

    /// The keys are in a state that forbids it.
    record Conflict(String code, String message) implements KeyChange {}
}
