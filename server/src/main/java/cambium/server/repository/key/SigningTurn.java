package cambium.server.repository.key;

import cambium.server.signing.SigningKey;
import java.util.List;

/// The right to sign one generation of one channel: with these keys, in this order. `publicKeys`: all of them as one
/// armoured block, the one in use first.
public record SigningTurn(List<SigningKey> keys, String publicKeys) {
    public SigningTurn {
        keys = List.copyOf(keys);
    }
}
