package cambium.server.signing;

import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.teletrust.TeleTrusTObjectIdentifiers;
import org.bouncycastle.bcpg.ECPublicBCPGKey;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.openpgp.PGPPublicKey;

/// The algorithm, size and packet version of one public key, judged by the dates in apt's policies: the file
/// apt.conf.d of apt 3 for gpgv, and its default-sequoia.config for sqv.
final class KeyStrength {
    /// RFC 9580 section 9.1 deprecates it, and so does the library its name.
    private static final int RSA_SIGN_ONLY = 3;
    private static final int RSA_LEAST = 2048;
    private static final int RSA_GOOD = 3072;
    private static final Instant RSA_2048_ENDS = Instant.parse("2030-02-01T00:00:00Z");
    private static final Instant BRAINPOOL_ENDS = Instant.parse("2028-02-01T00:00:00Z");

    private KeyStrength() {}

    static List<KeyFinding> of(PGPPublicKey key, Instant at) {
        if (key.getVersion() < PublicKeyPacket.VERSION_4) {
            return List.of(KeyFinding.error("old_key", "a key of version " + key.getVersion() + " is refused by all"));
        }
        if (key.getVersion() > PublicKeyPacket.VERSION_4) {
            return List.of(KeyFinding.error("new_key", "a key of version " + key.getVersion()
                + " is not known to gpgv and to rpm before 6"));
        }
        return switch (key.getAlgorithm()) {
            case PublicKeyAlgorithmTags.RSA_GENERAL -> rsa(key.getBitStrength(), at);
            case RSA_SIGN_ONLY -> List.of(KeyFinding.error("sign_only_rsa",
                "the key is marked as RSA for signatures only, which rpm refuses"));
            case PublicKeyAlgorithmTags.EDDSA_LEGACY -> List.of(KeyFinding.warning("eddsa",
                "Ed25519 is not known to rpm before 4.16 (RHEL 8 and older)"));
            case PublicKeyAlgorithmTags.ECDSA ->
                curve(((ECPublicBCPGKey) key.getPublicKeyPacket().getKey()).getCurveOID(), at);
            case PublicKeyAlgorithmTags.DSA -> List.of(KeyFinding.error("dsa", "DSA is refused by all"));
            default -> List.of(KeyFinding.error("unknown_algorithm", "public key algorithm " + key.getAlgorithm()
                + " is not one that gpgv, sqv and rpm all know"));
        };
    }

    private static List<KeyFinding> rsa(int bits, Instant at) {
        if (bits < RSA_LEAST) {
            return List.of(KeyFinding.error("short_rsa", "RSA with " + bits + " bits is refused by all"));
        }
        if (bits < RSA_GOOD) {
            String message = "RSA with " + bits + " bits is refused by apt with sqv from 2030-02-01 on";
            return List.of(at.isBefore(RSA_2048_ENDS) ? KeyFinding.warning("short_rsa", message)
                : KeyFinding.error("short_rsa", message));
        }
        return List.of();
    }

    private static List<KeyFinding> curve(ASN1ObjectIdentifier curve, Instant at) {
        if (curve.on(TeleTrusTObjectIdentifiers.ecSign)) {
            String message = "Brainpool curves are refused by apt with sqv from 2028-02-01 on";
            return List.of(at.isBefore(BRAINPOOL_ENDS) ? KeyFinding.warning("brainpool", message)
                : KeyFinding.error("brainpool", message));
        }
        boolean isNist = List.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1,
            SECObjectIdentifiers.secp521r1).contains(curve);
        return isNist ? List.of() : List.of(KeyFinding.error("unknown_curve", "the curve " + curve
            + " is not one that gpgv, sqv and rpm all know"));
    }
}
