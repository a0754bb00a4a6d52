package cambium.server.repository.format;

import cambium.server.signing.Signatures;

/// Signs for one repository and one generation.
public interface RootSigner {
    /// UTF-8 text with line ends LF: with its signatures around it, and these apart.
    Signatures.SignedText text(byte[] text);

    /// Signatures in ASCII armour, apart from the bytes.
    byte[] detached(byte[] bytes);

    /// The public keys in ASCII armour that clients need to check.
    byte[] publicKeys();
}
