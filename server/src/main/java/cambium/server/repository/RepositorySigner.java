package cambium.server.repository;

import cambium.server.repository.format.RootSigner;
import cambium.server.repository.key.SigningTurn;
import cambium.server.signing.Signatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Signs root files with a repository's keys, dated as the generation is.
record RepositorySigner(SigningTurn turn, Instant date) implements RootSigner {
    @Override
    public Signatures.SignedText text(byte[] text) {
        return Signatures.text(turn.keys(), text, date);
    }

    @Override
    public byte[] detached(byte[] bytes) {
        return Signatures.detached(turn.keys(), bytes, date);
    }

    @Override
    public byte[] publicKeys() {
        return turn.publicKeys().getBytes(StandardCharsets.US_ASCII);
    }
}
