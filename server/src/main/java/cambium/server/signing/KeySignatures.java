package cambium.server.signing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/// The signatures inside of a public key that hold; those of other people and those that do not hold are left out.
final class KeySignatures {
    private KeySignatures() {}

    /// A question that reads a signature.
    private interface Check {
        boolean holds(PGPSignature signature) throws PGPException;
    }

    /// What the primary key says about itself: over each of its user ids, or over the key alone.
    static List<PGPSignature> ofPrimary(PGPPublicKey primary) {
        var found = new ArrayList<PGPSignature>();
        for (Iterator<byte[]> ids = primary.getRawUserIDs(); ids.hasNext(); ) {
            byte[] id = ids.next();
            primary.getSignaturesForID(id).forEachRemaining(signature -> {
                if (PGPSignature.isCertification(signature.getSignatureType()) && signature.getKeyID()
                        == primary.getKeyID() && holds(signature, primary, s -> s.verifyCertification(id, primary))) {
                    found.add(signature);
                }
            });
        }
        return found;
    }

    /// What binds a key below the primary one to it.
    static List<PGPSignature> bindings(PGPPublicKey primary, PGPPublicKey subkey) {
        var found = new ArrayList<PGPSignature>();
        subkey.getSignaturesOfType(PGPSignature.SUBKEY_BINDING).forEachRemaining(signature -> {
            if (holds(signature, primary, s -> s.verifyCertification(primary, subkey))) {
                found.add(signature);
            }
        });
        return found;
    }

    /// A revocation counts whether it holds or not: a key with a doubt on it is not to be used.
    static boolean isRevoked(PGPPublicKey key) {
        return key.hasRevocation();
    }

    static List<PGPSignature> embedded(PGPSignature binding) throws PGPException {
        var found = new ArrayList<PGPSignature>();
        if (binding.hasSubpackets()) {
            binding.getHashedSubPackets().getEmbeddedSignatures().forEach(found::add);
            binding.getUnhashedSubPackets().getEmbeddedSignatures().forEach(found::add);
        }
        return found;
    }

    /// The newest that is not from after that instant, which is the one that counts.
    static Optional<PGPSignature> newest(List<PGPSignature> signatures, Instant at) {
        return signatures.stream().filter(signature -> !signature.getCreationTime().toInstant().isAfter(at))
            .max(Comparator.comparing(PGPSignature::getCreationTime));
    }

    private static boolean holds(PGPSignature signature, PGPPublicKey by, Check check) {
        try {
            signature.init(new BcPGPContentVerifierBuilderProvider(), by);
            return check.holds(signature);
        } catch (PGPException | RuntimeException damaged) {
            return false;
        }
    }
}
