package cambium.server.repository;

import cambium.server.repository.format.RootSigner;
import cambium.server.signing.Signatures;
import cambium.server.signing.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// Signs root files with a repository's keys, dated as the generation is.
record RepositorySigner(List<SigningKey> keys, String publicKey, Instant date) implements RootSigner {
    @Override
    public Signatures.SignedText text(byte[] text) {
        return Signatures.text(keys, text, date);
    }

    @Override
    public byte[] detached(byte[] bytes) {
        return Signatures.detached(keys, bytes, date);
    }

    @Override
    public byte[] publicKeys() {
        return publicKey.getBytes(StandardCharsets.US_ASCII);
    }
}
