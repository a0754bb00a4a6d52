package cambium.server.signing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.jcajce.JcaPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/// An OpenPGP signature as a package carries it, apart from what it signs. Its kind and strength can be judged without
/// its key; whether it holds, and whose it is, only with it.
public final class PackageSignature {
    private static final int RSA_SIGN_ONLY = 3;
    private static final int ML_DSA_65_ED25519 = 30;
    private static final int LAST_SLH_DSA = 34;
    private static final int RSA_LEAST_BITS = 2048;
    /// A signature is a number below the key's modulus; that it is this much shorter by chance does not happen.
    private static final int CHANCE_BITS = 64;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final PGPSignature signature;

    private PackageSignature(PGPSignature signature) {
        this.signature = signature;
    }

    /// The signature in these packets, of which there must be one; empty where they are anything else.
    public static Optional<PackageSignature> read(byte[] packets) {
        try {
            var objects = new JcaPGPObjectFactory(new ByteArrayInputStream(packets));
            return objects.nextObject() instanceof PGPSignatureList list && list.size() == 1
                && objects.nextObject() == null ? Optional.of(new PackageSignature(list.get(0))) : Optional.empty();
        } catch (IOException | RuntimeException damaged) {
            return Optional.empty();
        }
    }

    /// Why today's clients mind a signature of this kind, such as `is made with SHA-1`; empty when they do not.
    public Optional<String> weakness() {
        if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT) {
            return Optional.of("is not one of a file");
        }
        Optional<String> hash = HashStrength.weak(signature.getHashAlgorithm()).map(name -> "is made with " + name);
        if (hash.isPresent()) {
            return hash;
        }
        int algorithm = signature.getKeyAlgorithm();
        return switch (algorithm) {
            case PublicKeyAlgorithmTags.RSA_GENERAL, RSA_SIGN_ONLY -> shortRsa();
            case PublicKeyAlgorithmTags.ECDSA, PublicKeyAlgorithmTags.EDDSA_LEGACY, PublicKeyAlgorithmTags.Ed25519,
                PublicKeyAlgorithmTags.Ed448 -> Optional.empty();
            case PublicKeyAlgorithmTags.DSA -> Optional.of("is one of DSA");
            default -> algorithm >= ML_DSA_65_ED25519 && algorithm <= LAST_SLH_DSA ? Optional.empty()
                : Optional.of("is of a kind that is not known (" + algorithm + ")");
        };
    }

    private Optional<String> shortRsa() {
        try {
            return signature.getSignature().length * 8 < RSA_LEAST_BITS - CHANCE_BITS
                ? Optional.of("is one of RSA with fewer than " + RSA_LEAST_BITS + " bits") : Optional.empty();
        } catch (PGPException damaged) {
            return Optional.of("cannot be read");
        }
    }

    /// The key among these that says it made the signature and was good for signing then; whether it did is not asked
    /// yet.
    private Optional<PGPPublicKey> signer(List<String> armoredKeys) {
        Instant made = signature.getCreationTime().toInstant();
        return armoredKeys.stream().map(PublicKeys::ring)
            .filter(ring -> KeyLint.of(ring, made).stream().noneMatch(KeyFinding::isError))
            .flatMap(ring -> KeyLint.signers(ring, made).stream())
            .filter(key -> key.getKeyID() == signature.getKeyID()).findFirst();
    }

    /// Whether one of the signatures over the same bytes was made by one of the keys. Reads the bytes once.
    public static boolean anyHolds(List<PackageSignature> signatures, List<String> armoredKeys, InputStream signed)
        throws IOException {
        var asked = new ArrayList<PGPSignature>();
        for (PackageSignature one : signatures) {
            one.signer(armoredKeys).filter(one::takes).ifPresent(_ -> asked.add(one.signature));
        }
        if (asked.isEmpty()) {
            return false;
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = signed.read(buffer); count >= 0; count = signed.read(buffer)) {
            for (PGPSignature one : asked) {
                one.update(buffer, 0, count);
            }
        }
        return asked.stream().anyMatch(PackageSignature::verifies);
    }

    private boolean takes(PGPPublicKey key) {
        try {
            signature.init(new BcPGPContentVerifierBuilderProvider(), key);
            return true;
        } catch (PGPException | RuntimeException unfit) {
            return false;
        }
    }

    private static boolean verifies(PGPSignature signature) {
        try {
            return signature.verify();
        } catch (PGPException | RuntimeException damaged) {
            return false;
        }
    }
}
