package cambium.server.signing;

import java.util.Optional;
import org.bouncycastle.bcpg.HashAlgorithmTags;

/// The digests with which signatures are made, judged as apt with sqv and rpm do.
final class HashStrength {
    private HashStrength() {}

    /// The name of a digest that is not enough; empty for a good one.
    static Optional<String> weak(int algorithm) {
        return switch (algorithm) {
            case HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA512,
                HashAlgorithmTags.SHA3_256, HashAlgorithmTags.SHA3_512 -> Optional.empty();
            case HashAlgorithmTags.MD5 -> Optional.of("MD5");
            case HashAlgorithmTags.SHA1 -> Optional.of("SHA-1");
            case HashAlgorithmTags.RIPEMD160 -> Optional.of("RIPEMD-160");
            case HashAlgorithmTags.SHA224 -> Optional.of("SHA-224");
            default -> Optional.of("an unknown digest");
        };
    }
}
