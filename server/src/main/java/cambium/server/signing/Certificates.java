package cambium.server.signing;

import java.io.IOException;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.jcajce.JcaKeyFingerprintCalculator;

/// Binds a made key together: the user id, and the signing key below the primary one, each signing the other as RFC
/// 9580 section 5.2.3.34 asks. Everything is dated when the key was made, so that the same key gives the same bytes.
final class Certificates {
    private Certificates() {}

    /// `pairs`: the primary key, and the signing key if it is another.
    static String of(List<PGPKeyPair> pairs, String userId) throws PGPException {
        try {
            PGPKeyPair primary = pairs.getFirst();
            PGPPublicKey certified = PGPPublicKey.addCertification(primary.getPublicKey(), userId,
                selfSignature(primary, pairs.size() > 1, userId));
            if (pairs.size() == 1) {
                return Armor.of(certified.getEncoded());
            }
            PGPKeyPair signer = pairs.get(1).asSubkey(new JcaKeyFingerprintCalculator());
            PGPPublicKey bound = PGPPublicKey.addCertification(signer.getPublicKey(), binding(primary, signer));
            return Armor.of(new PGPPublicKeyRing(List.of(certified, bound)).getEncoded());
        } catch (IOException never) {
            throw new IllegalStateException("memory cannot be written", never);
        }
    }

    private static PGPSignature selfSignature(PGPKeyPair primary, boolean hasSigner, String userId)
            throws PGPException {
        var about = about(primary);
        about.setKeyFlags(true, KeyFlags.CERTIFY_OTHER | (hasSigner ? 0 : KeyFlags.SIGN_DATA));
        about.setPreferredHashAlgorithms(false,
            new int[] {HashAlgorithmTags.SHA512, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA256});
        PGPSignatureGenerator generator = SigningKey.generator(primary, PGPSignature.POSITIVE_CERTIFICATION);
        generator.setHashedSubpackets(about.generate());
        return generator.generateCertification(userId, primary.getPublicKey());
    }

    private static PGPSignature binding(PGPKeyPair primary, PGPKeyPair signer) throws PGPException, IOException {
        PGPSignatureGenerator back = SigningKey.generator(signer, PGPSignature.PRIMARYKEY_BINDING);
        back.setHashedSubpackets(about(signer).generate());
        var about = about(primary);
        about.setKeyFlags(true, KeyFlags.SIGN_DATA);
        about.addEmbeddedSignature(false, back.generateCertification(primary.getPublicKey(), signer.getPublicKey()));
        PGPSignatureGenerator generator = SigningKey.generator(primary, PGPSignature.SUBKEY_BINDING);
        generator.setHashedSubpackets(about.generate());
        return generator.generateCertification(primary.getPublicKey(), signer.getPublicKey());
    }

    private static PGPSignatureSubpacketGenerator about(PGPKeyPair by) {
        var about = new PGPSignatureSubpacketGenerator();
        about.setSignatureCreationTime(true, by.getPublicKey().getCreationTime());
        about.setIssuerFingerprint(false, by.getPublicKey());
        return about;
    }
}
